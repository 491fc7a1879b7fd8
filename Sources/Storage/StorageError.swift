import Database

/// What can be wrong with a request to the storage, apart from broken rules and the database itself.
public enum StorageError: Error, Hashable, Sendable {
    /// Nothing of that id in this practice.
    case notFound
    /// It was changed since it was read.
    case stale
    /// The schema is not the one that this program knows: `vortag migrate`, or a newer program.
    case notMigrated(found: Int, expected: Int)
    /// The key file is not the one that the stored secrets were encrypted with.
    case wrongKey
}

extension StorageError {
    /// Whether the database may do it when asked again: it was busy, full, or away.
    public static func mayPass(_ error: any Error) -> Bool {
        switch error {
        case SQLError.busy, SQLError.full, SQLError.disk, SQLError.connectionLost, SQLError.unreachable,
            SQLError.cannotOpen:
            true
        default: false
        }
    }

    /// Whether it is not known if what was to be written was written.
    public static func leavesOpen(_ error: any Error) -> Bool { (error as? SQLError) == .connectionLost }
}
