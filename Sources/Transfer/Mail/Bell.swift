import Foundation
import Synchronization

/// Wakes a thread that waits for a socket.
final class Bell: Sendable {
    private let listening: Int32
    private let ringing: Int32

    /// nil where the process may open no more files.
    init?() {
        var ends: [Int32] = [-1, -1]
        guard pipe(&ends) == 0 else { return nil }
        for end in ends {
            _ = fcntl(end, F_SETFL, O_NONBLOCK)
            _ = fcntl(end, F_SETFD, FD_CLOEXEC)
        }
        (listening, ringing) = (ends[0], ends[1])
    }

    deinit {
        Foundation.close(listening)
        Foundation.close(ringing)
    }

    func ring() {
        var byte: UInt8 = 1
        // A pipe that is full wakes as well.
        _ = write(ringing, &byte, 1)
    }

    /// Waits for the socket, for the bell, or for the time to come.
    func wait(beside socket: Int32, events: Int16, until deadline: ContinuousClock.Instant) -> MailLine.Wake {
        var places = [
            pollfd(fd: listening, events: Int16(POLLIN), revents: 0), pollfd(fd: socket, events: events, revents: 0),
        ]
        let rest = ContinuousClock.now.duration(to: deadline).milliseconds
        guard rest > 0 else { return .late }
        let count = poll(&places, 2, Int32(clamping: rest + 1))
        if count == 0 { return .late }
        if count > 0, places[0].revents != 0 {
            var room = [UInt8](repeating: 0, count: 64)
            while read(listening, &room, room.count) > 0 {}
            return .bell
        }
        return .ready
    }
}

/// Says once that something is to end.
final class StopFlag: Sendable {
    private let flag = Atomic(false)

    var isSet: Bool { flag.load(ordering: .acquiring) }

    func set() { flag.store(true, ordering: .releasing) }
}
