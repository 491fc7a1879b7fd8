import Database
import Logging
import ServiceLifecycle

/// Keeps the process's clock with the database's: crystals differ by some seconds a day.
struct ClockKeeper: Service {
    let clock: ServerClock
    let driver: any SQLDriver
    let logger: Logger

    func run() async throws {
        await cancelWhenGracefulShutdown {
            while !Task.isCancelled {
                try? await Task.sleep(for: .seconds(30))
                if Task.isCancelled { return }
                do { try await clock.follow(driver) } catch {
                    logger.notice("the database's clock was not told", metadata: ["reason": "\(error)"])
                }
            }
        }
    }
}
