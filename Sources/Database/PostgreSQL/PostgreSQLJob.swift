/// One caller's closure with the way back to it.
struct PostgreSQLJob: Sendable {
    enum Access: Sendable {
        case read
        case write(Isolation)

        /// The beginning of the transaction.
        var begin: String {
            switch self {
            case .read: "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY"
            case .write(.serializable): "BEGIN ISOLATION LEVEL SERIALIZABLE"
            case .write(.guarded): "BEGIN ISOLATION LEVEL READ COMMITTED"
            }
        }

        var isRead: Bool { if case .read = self { true } else { false } }
    }

    let number: Int
    let access: Access
    /// Until when it must have begun.
    let deadline: ContinuousClock.Instant
    /// Runs the closure; gives what is to happen once the commit is durable.
    let run: @Sendable (Transaction) throws -> @Sendable () -> Void
    let fail: @Sendable (any Error) -> Void
}
