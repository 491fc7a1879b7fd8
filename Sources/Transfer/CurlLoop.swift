import CCurl
import Foundation
import Synchronization

/// The thread on which libcurl does its work for one client. It begins with the client and ends with it.
final class CurlLoop: Sendable {
    private typealias Answer = Result<HTTPResponse, HTTPFailure>

    private struct Waiting: Sendable {
        let number: Int
        let transfer: CurlTransfer
        let continuation: CheckedContinuation<Answer, Never>
    }

    private struct Desk: Sendable {
        var next = 0
        var new: [Waiting] = []
        var cancelled: Set<Int> = []
        var isStopped = false
        /// The multi handle is gone; nothing may wake it any more.
        var isClosed = false
    }

    /// A multi handle, which other threads do nothing with but wake it (curl_multi_wakeup(3)).
    // The pointer itself never changes, and it is given back by the loop's thread under the lock.
    private struct Multi: @unchecked Sendable { let handle: UnsafeMutableRawPointer }

    static let isStarted = vortag_curl_start()

    private let multi: Multi
    private let desk = Mutex(Desk())

    init?() {
        guard Self.isStarted, let handle = curl_multi_init() else { return nil }
        multi = Multi(handle: handle)
        vortag_curl_multi_set_number(handle, CURLMOPT_MAXCONNECTS, 64)
        Thread.detachNewThread { [self] in run() }
    }

    func perform(_ transfer: CurlTransfer) async -> Result<HTTPResponse, HTTPFailure> {
        let number = desk.withLock { desk in
            desk.next += 1
            return desk.next
        }
        return await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                let isTaken = change { desk in
                    // Asked under the lock: a cancellation from here on finds the transfer on the desk.
                    if desk.isStopped || Task.isCancelled { return false }
                    desk.new.append(Waiting(number: number, transfer: transfer, continuation: continuation))
                    return true
                }
                if !isTaken { continuation.resume(returning: .failure(HTTPFailure(.cancelled, .notSent))) }
            }
        } onCancel: {
            change { _ = $0.cancelled.insert(number) }
        }
    }

    func stop() { change { $0.isStopped = true } }

    /// Changes what is on the desk and has the loop look at it.
    private func change<Value>(_ body: (inout Desk) -> Value) -> Value {
        desk.withLock { desk in
            let value = body(&desk)
            if !desk.isClosed { curl_multi_wakeup(multi.handle) }
            return value
        }
    }

    // On the loop's thread from here on.

    private func run() {
        var active: [Int: Waiting] = [:]
        var numbers: [UnsafeMutableRawPointer: Int] = [:]
        while true {
            let (new, cancelled, isStopped) = desk.withLock { desk in
                defer { (desk.new, desk.cancelled) = ([], []) }
                return (desk.new, desk.cancelled, desk.isStopped)
            }
            for waiting in new {
                // One that was cancelled before it got here never begins.
                if isStopped || cancelled.contains(waiting.number) {
                    waiting.continuation.resume(returning: .failure(waiting.transfer.stopped()))
                    continue
                }
                active[waiting.number] = waiting
                numbers[waiting.transfer.handle] = waiting.number
                curl_multi_add_handle(multi.handle, waiting.transfer.handle)
            }
            for number in isStopped ? Set(active.keys) : cancelled {
                guard let waiting = active.removeValue(forKey: number) else { continue }
                numbers[waiting.transfer.handle] = nil
                let failure = waiting.transfer.stopped()
                curl_multi_remove_handle(multi.handle, waiting.transfer.handle)
                waiting.continuation.resume(returning: .failure(failure))
            }
            if isStopped { break }
            work(&active, &numbers)
        }
        desk.withLock { desk in
            desk.isClosed = true
            curl_multi_cleanup(multi.handle)
        }
    }

    /// Moves what can be moved, gives out what is done, and waits for the next thing to happen.
    private func work(_ active: inout [Int: Waiting], _ numbers: inout [UnsafeMutableRawPointer: Int]) {
        var running: Int32 = 0
        curl_multi_perform(multi.handle, &running)
        var done: UnsafeMutableRawPointer?
        var result = CURLE_OK
        while vortag_curl_next_done(multi.handle, &done, &result) {
            guard let handle = done, let number = numbers.removeValue(forKey: handle),
                let waiting = active.removeValue(forKey: number)
            else { continue }
            let outcome = waiting.transfer.outcome(result)
            curl_multi_remove_handle(multi.handle, handle)
            waiting.continuation.resume(returning: outcome)
        }
        // Wakes up for sockets, for libcurl's own deadlines, and for what is put on the desk.
        curl_multi_poll(multi.handle, nil, 0, 60_000, nil)
    }
}
