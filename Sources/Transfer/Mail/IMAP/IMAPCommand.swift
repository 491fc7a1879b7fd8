/// One command and all that the server answers to it, as a dialogue.
struct IMAPCommand: MailDialogue {
    /// A part of a command.
    enum Part: Hashable, Sendable {
        /// Printable ASCII without line ends.
        case text(String)
        case literal([UInt8])
    }

    struct Reply: Hashable, Sendable {
        /// What came untagged, in order.
        var answers: [IMAPAnswer] = []
        var status = IMAPAnswer.Status.bad
        var code: [String] = []
        var text = ""
    }

    enum Trouble: Error, Hashable, Sendable {
        /// - Parameter hasBegun: whether anything of the command may have left.
        case ended(MailEnd, hasBegun: Bool)
        /// What came is no IMAP, or far more than was asked for.
        case fault(IMAPFault)
    }

    /// Of all answers to one command, in octets.
    private static let largestReply = 4 * 1_048_576

    private let tag: String
    private var segments: [[UInt8]]
    private let patience: Duration
    private var reader = IMAPReader()
    private var size = 0
    private var reply = Reply()

    /// - Parameters:
    ///   - sendsAtOnce: the server takes literals without being asked first (RFC 7888, LITERAL+).
    ///   - patience: for the answer, and for each literal on its way.
    init(tag: String, _ parts: [Part], sendsAtOnce: Bool, patience: Duration) {
        self.tag = tag
        self.patience = patience
        var segments: [[UInt8]] = []
        var current = Array((tag + " ").utf8)
        for part in parts {
            switch part {
            case .text(let text): current += Array(text.utf8)
            case .literal(let bytes):
                current += Array("{\(bytes.count)\(sendsAtOnce ? "+" : "")}\r\n".utf8)
                if !sendsAtOnce {
                    segments.append(current)
                    current = []
                }
                current += bytes
            }
        }
        self.segments = segments + [current + [0x0D, 0x0A]]
    }

    mutating func begin(_ greeting: MailGreeting) -> MailStep<Result<Reply, Trouble>> {
        .send(segments.removeFirst(), within: patience)
    }

    mutating func received(_ bytes: [UInt8]) -> MailStep<Result<Reply, Trouble>> {
        size += bytes.count
        guard size <= Self.largestReply else { return .done(.failure(.fault(.tooLarge)), reusable: false) }
        reader.add(bytes)
        do throws(IMAPFault) {
            while let answer = try reader.next() {
                if let step = take(answer) { return step }
            }
        } catch {
            return .done(.failure(.fault(error)), reusable: false)
        }
        return .wait
    }

    private mutating func take(_ answer: IMAPAnswer) -> MailStep<Result<Reply, Trouble>>? {
        switch answer {
        case .goOn:
            guard !segments.isEmpty else { return .done(.failure(.fault(.malformed)), reusable: false) }
            return .send(segments.removeFirst(), within: patience)
        case .status(let tag?, let status, let code, let text):
            guard tag == self.tag else { return .done(.failure(.fault(.malformed)), reusable: false) }
            (reply.status, reply.code, reply.text) = (status, code, text)
            return .done(.success(reply), reusable: status == .ok || status == .no)
        case .status, .data:
            reply.answers.append(answer)
            return nil
        }
    }

    mutating func ended(_ end: MailEnd, unsent: Int) -> Result<Reply, Trouble> {
        .failure(.ended(end, hasBegun: end != .closed))
    }
}
