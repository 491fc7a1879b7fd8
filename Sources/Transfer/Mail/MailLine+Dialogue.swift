import Foundation

extension MailLine {
    /// Bytes handed over to the socket at once.
    private static let piece = 16_384
    /// Of what a server says while it is not its turn.
    private static let mostEarly = 65_536

    private enum Sending {
        case done(early: [UInt8])
        case ended(MailEnd, unsent: Int, early: [UInt8])
    }

    /// Holds a dialogue to its end. Blocks.
    ///
    /// - Returns: its outcome, and whether the connection may be used for another.
    func hold<D: MailDialogue>(
        _ dialogue: D,
        _ greeting: MailGreeting,
        until limit: ContinuousClock.Instant?
    ) -> (outcome: D.Outcome, reusable: Bool) {
        var dialogue = dialogue
        var step = dialogue.begin(greeting)
        var deadline = ContinuousClock.now
        while true {
            var early: [UInt8] = []
            switch step {
            case .done(let outcome, let reusable): return (outcome, reusable)
            case .wait: break
            case .waitAnew(let time): deadline = Self.earlier(time, limit)
            case .send(let bytes, let time):
                switch sendAll(bytes, until: Self.earlier(time, limit)) {
                case .done(let said): early = said
                case .ended(let end, let unsent, let said):
                    // The reason may have come before the connection broke.
                    if !said.isEmpty, case .done(let outcome, _) = dialogue.received(said) { return (outcome, false) }
                    return (dialogue.ended(end, unsent: unsent), false)
                }
                deadline = Self.earlier(time, limit)
            }
            if early.isEmpty {
                switch receive(until: deadline) {
                case .success(let bytes): early = bytes
                case .failure(let end): return (dialogue.ended(end.end, unsent: 0), false)
                }
            }
            step = dialogue.received(early)
        }
    }

    private static func earlier(_ time: Duration, _ limit: ContinuousClock.Instant?) -> ContinuousClock.Instant {
        let end = ContinuousClock.now.advanced(by: time)
        return limit.map { min($0, end) } ?? end
    }

    private func sendAll(_ bytes: [UInt8], until deadline: ContinuousClock.Instant) -> Sending {
        var early: [UInt8] = []
        // The bytes stay where they are: TLS wants to see the very same ones again where they did not fit.
        return bytes.withUnsafeBytes { bytes in
            var sent = 0
            while sent < bytes.count {
                let piece = UnsafeRawBufferPointer(rebasing: bytes[sent..<min(sent + Self.piece, bytes.count)])
                guard let count = send(piece) else {
                    while case .bytes(let more) = receive(), early.count < Self.mostEarly { early += more }
                    return .ended(.lost, unsent: bytes.count - sent, early: early)
                }
                sent += count
                if count > 0 { continue }
                if stop.isSet { return .ended(.cancelled, unsent: bytes.count - sent, early: []) }
                if wait(toSend: true, until: deadline) == .late {
                    return .ended(.timeOut, unsent: bytes.count - sent, early: early)
                }
                if case .bytes(let more) = receive() { early += more }
                if early.count > Self.mostEarly { return .ended(.lost, unsent: bytes.count - sent, early: []) }
            }
            return .done(early: early)
        }
    }

    private struct Ended: Error { let end: MailEnd }

    private func receive(until deadline: ContinuousClock.Instant) -> Result<[UInt8], Ended> {
        while true {
            if stop.isSet { return .failure(Ended(end: .cancelled)) }
            switch receive() {
            case .bytes(let bytes): return .success(bytes)
            case .end: return .failure(Ended(end: .lost))
            case .nothingYet: if wait(until: deadline) == .late { return .failure(Ended(end: .timeOut)) }
            }
        }
    }

    /// Takes leave of the server, and waits for a moment that it does so too.
    func takeLeave() {
        stop = StopFlag()
        let words = Array((server.scheme.speaksSMTP ? "QUIT\r\n" : "BYE LOGOUT\r\n").utf8)
        let deadline = ContinuousClock.now.advanced(by: .seconds(1))
        if case .done = sendAll(words, until: deadline) { _ = receive(until: deadline) }
    }

    /// Whether a connection that nobody uses is still as it was. What a server says unasked is its farewell.
    var isQuiet: Bool {
        if case .nothingYet = receive() { true } else { false }
    }
}
