import Domain

/// What a gateway's words mean, by the options `status.WORD=STATUS`. A `*` at a word's end stands for any rest. Where no
/// option says anything, the words are those of SMPP 3.4 Appendix B, or of the log itself.
struct StatusWords: Sendable {
    /// What a receipt can say.
    static let statuses: [MessageStatus] = [
        .submitted, .delivered, .undeliverable, .expired, .rejectedByRecipient, .providerError, .providerRefused,
    ]

    private static let standard: [String: MessageStatus] = [
        "DELIVRD": .delivered, "DELIVERED": .delivered, "UNDELIV": .undeliverable, "UNDELIVERABLE": .undeliverable,
        "UNDELIVERED": .undeliverable, "DELETED": .undeliverable, "UNKNOWN": .undeliverable, "EXPIRED": .expired,
        "REJECTD": .rejectedByRecipient, "REJECTED": .rejectedByRecipient, "FAILED": .undeliverable,
        "ENROUTE": .submitted, "ACCEPTD": .submitted, "ACCEPTED": .submitted,
    ]

    private var exact: [String: MessageStatus] = [:]
    /// The longest first.
    private var beginnings: [(String, MessageStatus)] = []

    init(_ table: [String: String]) throws(ProviderProblem) {
        for (word, name) in table {
            guard let status = MessageStatus(rawValue: name), Self.statuses.contains(status) else {
                let allowed = Self.statuses.map(\.rawValue).joined(separator: " or ")
                throw .option(name: "status." + word, allowed: allowed)
            }
            if word.hasSuffix("*") {
                beginnings.append((word.dropLast().uppercased(), status))
            } else {
                exact[word.uppercased()] = status
            }
        }
        if table.isEmpty { exact = Self.standard }
        beginnings.sort { $0.0.count > $1.0.count }
    }

    /// Nothing final for a word that nobody explained.
    func status(_ word: String) -> MessageStatus {
        let word = word.uppercased()
        return exact[word] ?? beginnings.first { word.hasPrefix($0.0) }?.1 ?? .submitted
    }
}
