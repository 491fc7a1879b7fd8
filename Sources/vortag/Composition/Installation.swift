import Channels
import Database
import Delivery
import Domain
import Foundation
import Logging
import Storage

/// One installation, opened: what every command starts from.
struct Installation: Sendable {
    let settings: Settings
    let clock: ServerClock
    let storage: Storage
    let driver: any SQLDriver
    let logger: Logger

    /// How a command finds the database.
    enum Opening {
        /// It must be there, with our schema.
        case ready
        /// It is made where it is missing; the schema is not looked at.
        case creating
    }

    /// - Parameters:
    ///   - needsKey: whether secrets will be written, so that a missing key file is made.
    ///   - wantsKey: whether they may be written, so that it is made where that is possible.
    static func open(
        _ opening: Opening = .ready,
        needsKey: Bool = false,
        wantsKey: Bool = false
    ) async throws -> Installation {
        let settings = try await Settings.read()
        let logger = makeLogger(settings.logLevel)
        let clock = ServerClock(start: settings.clock)
        let driver = try openDriver(settings.database, opening, connections: settings.databaseConnections)
        var storage = Storage(driver: driver, secrets: nil, random: Entropy.bytes)
        if opening == .ready {
            try await storage.checkSchema()
            try await clock.follow(driver)
            let holdsSecrets = try await storage.holdsSecrets()
            let keyFile = KeyFile(path: settings.secretKeyFile)
            var secrets = try keyFile.secretBox(makingIt: needsKey && !holdsSecrets, isNeeded: holdsSecrets)
            if secrets == nil, wantsKey { secrets = try? keyFile.secretBox(makingIt: true, isNeeded: false) }
            storage = Storage(
                driver: driver,
                secrets: secrets,
                random: Entropy.bytes,
                publicURL: settings.publicURL
            )
            try await storage.checkKey()
        }
        return Installation(settings: settings, clock: clock, storage: storage, driver: driver, logger: logger)
    }

    /// Opens ways to providers.
    func channelFactory() -> ChannelFactory {
        ChannelFactory(
            logger: logger,
            random: Entropy.fraction,
            loopbackOnly: clock.isSet,
            practiceProviders: settings.practiceProviders,
            now: clock.now
        )
    }

    /// - Throws: ``CommandFailure`` where there is none of this name.
    func provider(named name: String) async throws -> Provider {
        do { return try await storage.providers.find(name: name) } catch StorageError.notFound {
            throw CommandFailure(.data, "NAME: there is no provider of this name")
        }
    }

    /// The engine's world, for `serve` and `deliver`.
    func deliveryEnvironment() -> DeliveryEnvironment {
        var delivery = DeliverySettings()
        delivery.evidenceWindow = settings.evidenceWindow
        delivery.overdueLimit = settings.overdueLimit
        let factory = channelFactory()
        return DeliveryEnvironment(
            storage: storage,
            settings: delivery,
            makeChannel: { [settings] provider, secrets in
                // nil where nobody outside can reach the installation.
                let callback = settings.publicURL.flatMap { own in
                    secrets.hookWord.map { own + provider.hookPath(word: $0) }
                }
                return try factory.channel(for: provider, secret: secrets.account, callback: callback)
            },
            now: clock.now,
            random: Entropy.fraction,
            worker: Entropy.hexadecimal(16),
            mail: mailDesk(),
            logger: logger,
            uptime: clock.uptime
        )
    }

    func mailDesk() -> MailDesk {
        MailDesk(
            write: MailComposition.write,
            open: { mailbox, secret in try channelFactory().channel(for: mailbox, secret: secret) },
            word: { Entropy.hexadecimal(16) },
            publicURL: settings.publicURL,
            pagesURL: settings.pagesURL
        )
    }

    /// - Parameter connections: to PostgreSQL, at most.
    static func openDriver(
        _ database: Settings.Database,
        _ opening: Opening,
        connections: Int
    ) throws -> any SQLDriver {
        switch database {
        case .sqlite(let path):
            let exists = FileManager.default.fileExists(atPath: path)
            if opening == .ready, !exists {
                throw CommandFailure(
                    .configuration,
                    "VORTAG_DATABASE: there is no database at \(path): run 'vortag migrate'."
                )
            }
            if opening == .creating {
                let folder = URL(fileURLWithPath: path).deletingLastPathComponent()
                try? FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
            }
            return try SQLiteDriver(path: path, creating: opening == .creating && !exists)
        case .postgreSQL(let uri):
            return try PostgreSQLDriver(uri: uri, connections: connections, random: Entropy.fraction)
        }
    }

    private static func makeLogger(_ level: Logger.Level?) -> Logger {
        var logger = Logger(label: "vortag") { StreamLogHandler.standardError(label: $0) }
        logger.logLevel = level ?? .notice
        return logger
    }
}
