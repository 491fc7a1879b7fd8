/// An address of the form `local@domain` (RFC 5321 §4.1.2, the dot-atom form that mailboxes use in practice).
public struct EmailAddress: Hashable, Sendable {
    public let value: String

    /// Checks and trims an address as a person typed it.
    public static func parse(_ raw: String, field: String = "email") -> Result<EmailAddress, FieldProblem> {
        let trimmed = raw.trimmingWhitespace()
        guard isWellFormed(trimmed) else { return .failure(FieldProblem(field, .emailInvalid)) }
        return .success(EmailAddress(value: trimmed))
    }

    /// Takes an address back from where it was stored after `parse`.
    public init?(stored: String) {
        guard !stored.isEmpty else { return nil }
        value = stored
    }

    /// As it may be shown to whoever follows a link: the first letter and the domain, such as `a…@example.org`.
    public var masked: String {
        guard let at = value.lastIndex(of: "@") else { return "…" }
        return value.prefix(1) + "…" + value[at...]
    }

    /// In small letters, as those who sign in are told apart.
    public var lowercased: EmailAddress { EmailAddress(value: value.lowercased()) }

    private init(value: String) { self.value = value }

    /// RFC 5321 §4.5.3.1: 64 octets before the at sign, 255 after it.
    private static func isWellFormed(_ text: String) -> Bool {
        guard let at = text.lastIndex(of: "@") else { return false }
        let local = text[..<at]
        let domain = text[text.index(after: at)...]
        guard (1...64).contains(local.utf8.count), (3...255).contains(domain.utf8.count) else { return false }
        return isDotAtom(local, allowing: "!#$%&'*+/=?^_`{|}~-") && isDotAtom(domain, allowing: "-")
            && domain.contains(".") && !domain.split(separator: ".").contains { $0.hasPrefix("-") || $0.hasSuffix("-") }
    }

    private static func isDotAtom(_ text: Substring, allowing extra: String) -> Bool {
        text.split(separator: ".", omittingEmptySubsequences: false).allSatisfy { atom in
            !atom.isEmpty && atom.allSatisfy { $0.isLetter || $0.isNumber || extra.contains($0) }
        }
    }
}

extension String {
    /// Without white space at either end.
    public func trimmingWhitespace() -> String {
        let head = drop { $0.isWhitespace }
        guard let last = head.lastIndex(where: { !$0.isWhitespace }) else { return "" }
        return String(head[...last])
    }
}
