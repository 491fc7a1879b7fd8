import Domain

/// Where a form leads back to: a page of this server, never another one.
struct ReturnPath: Hashable, Sendable {
    /// The name of the input and of the part of an address that hold it.
    static let field = "zurueck"
    /// The name of the part of an address that names the appointment whose change can be taken back.
    static let undo = "rueckgaengig"

    let path: String

    /// nil for what is no path of this server: an address with a host, a path that a browser would read as one
    /// (URL Standard §4.4), or anything that is not visible ASCII.
    init?(_ text: String) {
        let bytes = Array(text.utf8)
        guard bytes.first == UInt8(ascii: "/"), bytes.count <= 500 else { return nil }
        guard bytes.count == 1 || ![UInt8(ascii: "/"), UInt8(ascii: "\\")].contains(bytes[1]) else { return nil }
        guard bytes.allSatisfy({ (0x21...0x7E).contains($0) && $0 != UInt8(ascii: "\\") }) else { return nil }
        path = String(text.prefix { $0 != "#" })
    }

    /// The page that a form or an address names, or the appointment's own.
    init(_ form: FormData, or appointment: Appointment) {
        self = ReturnPath(form[Self.field]) ?? ReturnPath(unchecked: "/termine/\(appointment.id)")
    }

    init(query: CalendarQuery) { self.init(unchecked: query.path) }

    private init(unchecked path: String) { self.path = path }

    /// The page, with the offer to take the change of an appointment back.
    func offering(_ id: Appointment.ID) -> String {
        let plain = withoutOffer
        return plain + (plain.contains("?") ? "&" : "?") + Self.undo + "=\(id)"
    }

    /// The page without such an offer.
    var withoutOffer: String {
        let sides = path.split(separator: "?", maxSplits: 1, omittingEmptySubsequences: false)
        guard sides.count == 2 else { return path }
        let parts = sides[1].split(separator: "&").filter { !$0.hasPrefix(Self.undo + "=") }
        return parts.isEmpty ? String(sides[0]) : sides[0] + "?" + parts.joined(separator: "&")
    }

    /// As it stands in the query of another address.
    var encoded: String { Self.field + "=" + QueryText.encoded(path) }
}
