import NIOCore

/// The server's side of one connection: bound or not, and the deliver_sm that wait for an answer (SMPP 3.4 §2.2).
///
/// `Delivery` is whatever the caller needs to note what became of a deliver_sm.
struct SMPPServerStateMachine<Delivery> {
    enum Action {
        case write(PDU)
        /// Somebody asks to bind; answer with `bindDecided`.
        case bind(BindMode, BindRequest, SequenceNumber)
        case submit(SubmitSM, SequenceNumber)
        /// The client answered a deliver_sm, or never will (nil).
        case delivered(Delivery, CommandStatus?)
        case close
    }

    private enum State: Equatable {
        case open
        case deciding
        case bound(BindMode)
        case closed
    }

    private struct InFlight {
        var delivery: Delivery
        var deadline: NIODeadline
    }

    private let window: Int
    private let responseTimeout: TimeAmount
    private var state = State.open
    private var inFlight: [SequenceNumber: InFlight] = [:]
    private var nextSequence = SequenceNumber.first

    init(window: Int, responseTimeout: TimeAmount) {
        self.window = window
        self.responseTimeout = responseTimeout
    }

    /// How many more deliver_sm may be written now.
    var freeSlots: Int {
        guard case .bound(let mode) = state, mode.mayReceive else { return 0 }
        return max(0, window - inFlight.count)
    }

    mutating func received(_ pdu: PDU) -> [Action] {
        if state == .closed { return [] }
        switch pdu.body {
        case .bind(let mode, let request): return bind(mode, request, pdu.sequence)
        case .submit(let message):
            guard mayTransmit else {
                return [
                    .write(PDU(.submitResponse(messageID: ""), status: .incorrectBindStatus, sequence: pdu.sequence))
                ]
            }
            return [.submit(message, pdu.sequence)]
        case .data:
            return [.write(PDU(.dataResponse(messageID: ""), status: .invalidCommandID, sequence: pdu.sequence))]
        case .enquireLink: return [.write(PDU(.enquireLinkResponse, sequence: pdu.sequence))]
        case .unbind: return [.write(PDU(.unbindResponse, sequence: pdu.sequence))] + end()
        case .unbindResponse: return end()
        case .deliverResponse, .dataResponse, .genericNack: return answered(pdu.sequence, pdu.status)
        case .deliver: return [.write(PDU(.genericNack, status: .invalidCommandID, sequence: pdu.sequence))]
        case .enquireLinkResponse, .submitResponse, .bindResponse: return []
        }
    }

    /// Answers a bind: ROK binds, everything else refuses and closes.
    mutating func bindDecided(
        _ mode: BindMode,
        _ sequence: SequenceNumber,
        status: CommandStatus,
        systemID: String
    ) -> [Action] {
        guard state == .deciding else { return [] }
        // §5.3.2.25: sc_interface_version says which version the SMSC speaks.
        let response = BindResponse(systemID: systemID, tlvs: [.byte(.scInterfaceVersion, 0x34)])
        let answer = Action.write(PDU(.bindResponse(mode, response), status: status, sequence: sequence))
        guard status == .ok else { return [answer] + end() }
        state = .bound(mode)
        return [answer]
    }

    /// A deliver_sm that may be written now; nil where the window is full or the session does not receive.
    mutating func deliver(_ delivery: Delivery, now: NIODeadline) -> SequenceNumber? {
        guard freeSlots > 0 else { return nil }
        let sequence = takeSequence()
        inFlight[sequence] = InFlight(delivery: delivery, deadline: now + responseTimeout)
        return sequence
    }

    mutating func unbind() -> [Action] {
        guard case .bound = state else { return end() }
        return [.write(PDU(.unbind, sequence: takeSequence()))]
    }

    mutating func enquireLink() -> [Action] {
        state == .closed ? [] : [.write(PDU(.enquireLink, sequence: takeSequence()))]
    }

    mutating func tick(now: NIODeadline) -> [Action] {
        guard inFlight.contains(where: { $0.value.deadline <= now }) else { return [] }
        let overdue = inFlight.filter { $0.value.deadline <= now }
        for sequence in overdue.keys { inFlight[sequence] = nil }
        return overdue.values.map { .delivered($0.delivery, nil) }
    }

    mutating func connectionLost() -> [Action] { end() }

    private var mayTransmit: Bool {
        guard case .bound(let mode) = state else { return false }
        return mode.mayTransmit
    }

    private mutating func bind(_ mode: BindMode, _ request: BindRequest, _ sequence: SequenceNumber) -> [Action] {
        guard state == .open else {
            return [.write(PDU(.bindResponse(mode, BindResponse()), status: .alreadyBound, sequence: sequence))]
        }
        state = .deciding
        return [.bind(mode, request, sequence)]
    }

    private mutating func answered(_ sequence: SequenceNumber, _ status: CommandStatus) -> [Action] {
        guard let open = inFlight.removeValue(forKey: sequence) else { return [] }
        return [.delivered(open.delivery, status)]
    }

    private mutating func takeSequence() -> SequenceNumber {
        defer { nextSequence = nextSequence.next }
        return nextSequence
    }

    private mutating func end() -> [Action] {
        if state == .closed { return [] }
        state = .closed
        let open = inFlight.values.map(\.delivery)
        inFlight.removeAll()
        return open.map { .delivered($0, nil) } + [.close]
    }
}

extension SMPPServerStateMachine.Action: Equatable where Delivery: Equatable {}
