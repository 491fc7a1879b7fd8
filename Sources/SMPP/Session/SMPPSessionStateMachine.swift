// What lives here: what either side of an SMPP session does next, as pure state machines: event in, actions out.
// What must not: sockets, clocks, tasks. Times are passed in.

import NIOCore

/// The client's side of one connection: binding, window, time-outs, enquire_link, unbind (SMPP 3.4 §2.2, §2.7, §2.8).
///
/// `Request` is whatever the caller needs to find the one who waits for an answer.
///
///     idle ─connected→ binding ─bind_resp→ bound ─drain, window empty→ unbinding ─unbind_resp→ closed
///                         └──────── refused, time-out, peer's unbind, connection lost ─────────→ closed
struct SMPPSessionStateMachine<Request> {
    struct Settings: Sendable {
        var bindMode: BindMode = .transceiver
        var bind: BindRequest
        /// The most submit_sm unanswered at a time.
        var window = 64
        /// One message at a time until one is answered: after a session that answered none, a whole window would only
        /// make as many more unknown outcomes.
        var beginsWithOne = false
        /// The most deliver_sm handed over and not yet acknowledged; more are put off.
        var inboundWindow = 4_096
        var responseTimeout: TimeAmount = .seconds(10)
        var enquireLinkInterval: TimeAmount = .seconds(30)
    }

    enum Action {
        case write(PDU)
        case bound(smscID: String)
        case complete(Request, SubmitResult)
        /// The answer to a request that was given up as unknown for want of one.
        case late(SubmitTag, SubmitResult)
        case deliver(InboundMessage, InboundToken)
        case close(SessionEnd)
    }

    /// What to acknowledge once an inbound message is stored.
    struct InboundToken: Sendable, Equatable {
        var sequence: SequenceNumber
        var isData: Bool
    }

    private enum State {
        case idle
        case binding(SequenceNumber, deadline: NIODeadline)
        case bound
        /// Nothing new is taken; unbind goes out when all is answered, or at the deadline.
        case draining(deadline: NIODeadline)
        case unbinding(SequenceNumber, deadline: NIODeadline)
        case closed
    }

    private struct InFlight {
        var request: Request
        var tag: SubmitTag?
        var deadline: NIODeadline
    }

    private let settings: Settings
    private var state = State.idle
    private var inFlight: [SequenceNumber: InFlight] = [:]
    private var givenUp = GivenUpRequests()
    private var nextSequence: SequenceNumber
    private var inboundOpen = 0
    private var lastHeard = NIODeadline.uptimeNanoseconds(0)
    private var enquiry: (sequence: SequenceNumber, sentAt: NIODeadline)?
    /// Whether the SMSC has answered a message in this session, or brought one.
    private(set) var isProven = false

    init(settings: Settings, firstSequence: SequenceNumber = .first) {
        self.settings = settings
        self.nextSequence = firstSequence
        inFlight.reserveCapacity(settings.window)
    }

    var inFlightCount: Int { inFlight.count }

    /// How many more submit_sm may be written now.
    var freeSlots: Int {
        guard case .bound = state, settings.bindMode.mayTransmit else { return 0 }
        return max(0, (isProven || !settings.beginsWithOne ? settings.window : 1) - inFlight.count)
    }

    // MARK: Events from this side

    mutating func connected(now: NIODeadline) -> [Action] {
        let sequence = takeSequence()
        state = .binding(sequence, deadline: now + settings.responseTimeout)
        lastHeard = now
        return [.write(PDU(.bind(settings.bindMode, settings.bind), sequence: sequence))]
    }

    /// Takes a slot of the window; nil where none is free or the session is not bound. The slot is free again at the
    /// response time-out, since an SMSC that forgets one answer must not narrow the window for ever.
    ///
    /// - Parameter tag: by which an answer that comes after the time-out is told; without one it is passed over.
    mutating func open(_ request: Request, tag: SubmitTag? = nil, now: NIODeadline) -> SequenceNumber? {
        guard freeSlots > 0 else { return nil }
        let sequence = takeSequence()
        inFlight[sequence] = InFlight(request: request, tag: tag, deadline: now + settings.responseTimeout)
        return sequence
    }

    /// Gives a slot back whose message could not be encoded: no byte of it left.
    mutating func withdraw(_ sequence: SequenceNumber) -> Request? {
        inFlight.removeValue(forKey: sequence)?.request
    }

    /// An inbound message was stored, or could not be: ROK, or "temporary" so that the SMSC keeps it.
    mutating func acknowledge(_ token: InboundToken, stored: Bool, now: NIODeadline) -> [Action] {
        inboundOpen -= 1
        if case .closed = state { return [] }
        return [.write(answer(to: token, stored ? .ok : .temporaryApplicationError))] + unbindIfDrained(now: now)
    }

    /// Stops taking new messages, waits for the open ones until the deadline, and unbinds.
    mutating func drain(deadline: NIODeadline, now: NIODeadline) -> [Action] {
        switch state {
        case .bound:
            state = .draining(deadline: deadline)
            return unbindIfDrained(now: now)
        case .idle, .binding: return end(.shutDown)
        case .draining, .unbinding, .closed: return []
        }
    }

    mutating func connectionLost() -> [Action] { end(.connectionLost) }

    /// TLS did not come about, so nothing was bound.
    mutating func securingFailed(_ problem: TLSProblem) -> [Action] { end(.tlsFailed(problem)) }

    /// The SMSC's address is not one that may be talked to.
    mutating func addressRefused() -> [Action] { end(.addressRefused) }

    /// Time has passed: answers overdue, the link silent, a drain at its end.
    mutating func tick(now: NIODeadline) -> [Action] {
        switch state {
        case .idle, .closed: return []
        case .binding(_, let deadline): return now >= deadline ? end(.bindTimedOut) : []
        case .unbinding(_, let deadline) where now >= deadline: return end(.shutDown)
        case .draining(let deadline) where now >= deadline: return beginUnbind(now: now)
        case .bound, .draining, .unbinding: return expireOverdue(now: now) + probe(now: now)
        }
    }

    // MARK: Events from the peer

    mutating func received(_ pdu: PDU, now: NIODeadline) -> [Action] {
        lastHeard = now
        if case .closed = state { return [] }
        switch pdu.body {
        case .submitResponse(let messageID):
            let result = pdu.status == .ok ? SubmitResult.accepted(messageID: messageID) : .refused(pdu.status)
            return complete(pdu.sequence, result, now: now)
        case .deliver(let message):
            return deliver(InboundMessage(message), InboundToken(sequence: pdu.sequence, isData: false))
        case .data(let data):
            return deliver(InboundMessage(data), InboundToken(sequence: pdu.sequence, isData: true))
        case .enquireLink: return [.write(PDU(.enquireLinkResponse, sequence: pdu.sequence))]
        case .enquireLinkResponse:
            if enquiry?.sequence == pdu.sequence { enquiry = nil }
            return []
        case .bindResponse(_, let response): return bindAnswered(pdu, smscID: response.systemID)
        case .unbind: return [.write(PDU(.unbindResponse, sequence: pdu.sequence))] + end(.peerUnbound)
        case .unbindResponse:
            guard case .unbinding(pdu.sequence, _) = state else { return [] }
            return end(.shutDown)
        case .genericNack: return nacked(pdu, now: now)
        case .bind, .submit: return [.write(refusal(of: pdu))]
        case .deliverResponse, .dataResponse: return []
        }
    }

    /// The peer answered this request, but its answer cannot be read.
    mutating func receivedUnreadableResponse(_ sequence: SequenceNumber, now: NIODeadline) -> [Action] {
        lastHeard = now
        return complete(sequence, .unknown(.unreadableResponse), now: now)
    }

    /// The stream cannot be followed any further.
    mutating func streamBroken() -> [Action] { end(.protocolError) }
}

extension SMPPSessionStateMachine {
    private mutating func takeSequence() -> SequenceNumber {
        var sequence = nextSequence
        while inFlight[sequence] != nil { sequence = sequence.next }
        nextSequence = sequence.next
        return sequence
    }

    private mutating func complete(_ sequence: SequenceNumber, _ result: SubmitResult, now: NIODeadline) -> [Action] {
        guard let open = inFlight.removeValue(forKey: sequence) else { return late(sequence, result) }
        isProven = true
        guard case .draining = state else { return [.complete(open.request, result)] }
        return [.complete(open.request, result)] + unbindIfDrained(now: now)
    }

    private mutating func late(_ sequence: SequenceNumber, _ result: SubmitResult) -> [Action] {
        guard let tag = givenUp.take(sequence) else { return [] }
        // An answer that cannot be read tells nothing more than none.
        if case .unknown = result { return [] }
        return [.late(tag, result)]
    }

    private mutating func deliver(_ message: InboundMessage, _ token: InboundToken) -> [Action] {
        switch state {
        case .bound, .draining:
            guard settings.bindMode.mayReceive else { return [.write(answer(to: token, .incorrectBindStatus))] }
            guard inboundOpen < settings.inboundWindow else {
                return [.write(answer(to: token, .temporaryApplicationError))]
            }
            inboundOpen += 1
            isProven = true
            return [.deliver(message, token)]
        case .unbinding: return [.write(answer(to: token, .temporaryApplicationError))]
        case .idle, .binding, .closed: return [.write(answer(to: token, .incorrectBindStatus))]
        }
    }

    private func answer(to token: InboundToken, _ status: CommandStatus) -> PDU {
        PDU(token.isData ? .dataResponse(messageID: "") : .deliverResponse, status: status, sequence: token.sequence)
    }

    private func refusal(of pdu: PDU) -> PDU {
        PDU(.genericNack, status: .invalidCommandID, sequence: pdu.sequence)
    }

    private mutating func bindAnswered(_ pdu: PDU, smscID: String) -> [Action] {
        guard case .binding(pdu.sequence, _) = state else { return [] }
        guard pdu.status == .ok else { return end(.bindRefused(pdu.status)) }
        state = .bound
        return [.bound(smscID: smscID)]
    }

    private mutating func nacked(_ pdu: PDU, now: NIODeadline) -> [Action] {
        if case .binding(pdu.sequence, _) = state { return end(.bindRefused(pdu.status)) }
        if case .unbinding(pdu.sequence, _) = state { return end(.shutDown) }
        // A peer that does not know enquire_link is alive all the same.
        if enquiry?.sequence == pdu.sequence { enquiry = nil }
        return complete(pdu.sequence, .refused(pdu.status), now: now)
    }

    private mutating func expireOverdue(now: NIODeadline) -> [Action] {
        givenUp.forget(now: now)
        guard inFlight.contains(where: { $0.value.deadline <= now }) else { return [] }
        let overdue = inFlight.filter { $0.value.deadline <= now }.sorted { $0.key.rawValue < $1.key.rawValue }
        var actions: [Action] = []
        for (sequence, open) in overdue {
            inFlight[sequence] = nil
            if let tag = open.tag { givenUp.remember(sequence, tag, now: now) }
            actions.append(.complete(open.request, .unknown(.responseTimedOut)))
        }
        return actions + enquire(now: now) + unbindIfDrained(now: now)
    }

    /// Asks whether the peer is there when nothing was heard of it for the interval (SMPP 3.4 §2.7.1).
    private mutating func probe(now: NIODeadline) -> [Action] {
        if let asked = enquiry?.sentAt, now >= asked + settings.responseTimeout {
            // Whoever says anything at all is there, even if it leaves the question unanswered.
            guard lastHeard > asked else { return end(.linkSilent) }
            enquiry = nil
            return []
        }
        guard now >= lastHeard + settings.enquireLinkInterval else { return [] }
        return enquire(now: now)
    }

    private mutating func enquire(now: NIODeadline) -> [Action] {
        guard enquiry == nil else { return [] }
        let sequence = takeSequence()
        enquiry = (sequence, now)
        return [.write(PDU(.enquireLink, sequence: sequence))]
    }

    private mutating func unbindIfDrained(now: NIODeadline) -> [Action] {
        guard case .draining = state, inFlight.isEmpty, inboundOpen == 0 else { return [] }
        return beginUnbind(now: now)
    }

    private mutating func beginUnbind(now: NIODeadline) -> [Action] {
        let sequence = takeSequence()
        state = .unbinding(sequence, deadline: now + settings.responseTimeout)
        return [.write(PDU(.unbind, sequence: sequence))]
    }

    /// The end: whoever still waits does not know, and never will by this session.
    private mutating func end(_ reason: SessionEnd) -> [Action] {
        if case .closed = state { return [] }
        state = .closed
        let open = inFlight.sorted { $0.key.rawValue < $1.key.rawValue }
        inFlight.removeAll()
        givenUp = GivenUpRequests()
        return open.map { .complete($0.value.request, .unknown(.connectionLost)) } + [.close(reason)]
    }
}

extension SMPPSessionStateMachine.Action: Equatable where Request: Equatable {}
