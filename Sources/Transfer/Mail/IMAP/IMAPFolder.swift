/// A folder as LIST names it (RFC 9051 §7.3.1).
struct IMAPFolder: Hashable, Sendable {
    /// As the server wrote it; commands name it so.
    let raw: [UInt8]
    /// Between the levels of a name; nil where there are none.
    let separator: Character?
    /// In lower case, with the backslash.
    let attributes: Set<String>

    init(raw: [UInt8], separator: Character? = "/", attributes: Set<String> = []) {
        self.raw = raw
        self.separator = separator
        self.attributes = attributes
    }

    init?(_ answer: IMAPAnswer) {
        guard case .data(nil, "LIST", let values) = answer, values.count >= 3, let flags = values[0].list,
            let raw = values[2].octets, !raw.isEmpty, raw.count <= 1024
        else { return nil }
        self.raw = raw
        separator = values[1].text?.first
        attributes = Set(flags.compactMap { $0.text?.lowercased() })
    }

    /// As people see it.
    var name: String { IMAPText.folderName(raw) }

    private var holdsMessages: Bool { attributes.isDisjoint(with: ["\\noselect", "\\nonexistent"]) }

    /// The name without the levels above it, which may be only those that some servers put above everything.
    private var shortName: String {
        guard let separator else { return name }
        let levels = name.split(separator: separator)
        let above = levels.dropLast().map { $0.lowercased() }
        return above.isEmpty || [["inbox"], ["[gmail]"], ["[google mail]"]].contains(above)
            ? String(levels.last ?? "") : name
    }

    /// The one to make where there is none: beside the others, which some servers put below INBOX.
    static func newSent(beside folders: [IMAPFolder]) -> IMAPFolder {
        let separator = folders.first { $0.name.lowercased() == "inbox" }?.separator ?? folders.first?.separator
        let others = folders.filter { $0.name.lowercased() != "inbox" }
        let above = separator.map { "inbox\($0)" }
        let isBelow = above.map { above in
            !others.isEmpty && others.allSatisfy { $0.name.lowercased().hasPrefix(above) }
        }
        let name = isBelow == true ? "INBOX\(separator.map(String.init) ?? "")Sent" : "Sent"
        return IMAPFolder(raw: Array(name.utf8), separator: separator)
    }

    /// Which of the folders takes copies of what was sent: the one that the server marks (RFC 6154 §2), else the one that
    /// was named by hand, else the first of the common names.
    static func sent(among folders: [IMAPFolder], named wanted: String?, common: [String]) -> IMAPFolder? {
        let usable = folders.filter(\.holdsMessages)
        if let marked = usable.first(where: { $0.attributes.contains("\\sent") }) { return marked }
        if let wanted {
            return usable.first { $0.name == wanted }
                ?? usable.first { [$0.name.lowercased(), $0.shortName.lowercased()].contains(wanted.lowercased()) }
        }
        for name in common {
            if let found = usable.first(where: { $0.shortName.lowercased() == name.lowercased() }) { return found }
        }
        return nil
    }
}
