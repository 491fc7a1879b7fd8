import Domain
import Foundation

/// Where a form leads back to once it was taken: a path of this server, and nothing else.
struct ReturnPath: Hashable, Sendable {
    /// The input of a form, and the parameter of an address, that carries it.
    static let field = "zurueck"
    /// The parameter of an address that names the appointment whose change can be taken back.
    static let undo = "rueckgaengig"
    private static let longest = 500

    let path: String

    /// nil for anything that a browser could read as the address of another host.
    ///
    /// A browser takes `//host` and, since it reads a backslash as a slash, `/\host` for another host (URL Standard,
    /// §4.4), and leaves tabs and line ends out before it looks: so neither may stand here, and nothing that is not plain.
    init?(_ text: String) {
        let isPlain = text.utf8.allSatisfy { (0x21...0x7E).contains($0) && !"\\\"<>".utf8.contains($0) }
        guard isPlain, text.utf8.count <= Self.longest, text.hasPrefix("/"), !text.hasPrefix("//") else { return nil }
        path = text
    }

    /// The page that a form or an address names, or the appointment's own.
    init(_ form: FormData, or appointment: Appointment) {
        self = ReturnPath(form[Self.field]) ?? ReturnPath(unchecked: "/termine/\(appointment.id)")
    }

    init(query: CalendarQuery) { self.init(unchecked: query.path) }

    private init(unchecked path: String) { self.path = path }

    /// Whether the page makes the offer to take a change back.
    var offersUndo: Bool { path.hasPrefix("/kalender") }

    /// As it stands in the query of another address.
    var encoded: String { Self.field + "=" + QueryText.encoded(path) }

    /// The page, with the offer to take the change of an appointment back.
    func offering(_ id: Appointment.ID) -> String { noting(Self.undo, id.description) }

    /// The page without such an offer.
    var withoutOffer: String {
        let sides = path.split(separator: "?", maxSplits: 1, omittingEmptySubsequences: false)
        guard sides.count == 2 else { return path }
        let parts = sides[1].split(separator: "&").filter { !$0.hasPrefix(Self.undo + "=") }
        return parts.isEmpty ? String(sides[0]) : sides[0] + "?" + parts.joined(separator: "&")
    }

    /// The path with a parameter more, in place of one of that name.
    func noting(_ name: String, _ value: String) -> String {
        let sides = path.split(separator: "#", maxSplits: 1, omittingEmptySubsequences: false)
        let parts = sides[0].split(separator: "?", maxSplits: 1, omittingEmptySubsequences: false)
        let kept = parts.count == 2 ? parts[1].split(separator: "&").filter { !$0.hasPrefix(name + "=") } : []
        let query = (kept.map(String.init) + ["\(name)=\(QueryText.encoded(value))"]).joined(separator: "&")
        return parts[0] + "?" + query + (sides.count == 2 ? "#" + sides[1] : "")
    }
}

extension FormData {
    /// Where the person came from.
    var returnPath: ReturnPath? { ReturnPath(self[ReturnPath.field]) }
}
