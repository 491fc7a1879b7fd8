/// How each of a client's connections stands, and what that means for the client.
struct LinkStandings: Sendable {
    private let modes: [BindMode]
    private var phases: [SMPPClientState]

    init(_ modes: [BindMode]) {
        self.modes = modes
        phases = modes.map { _ in .disconnected }
    }

    subscript(index: Int) -> SMPPClientState {
        get { phases[index] }
        set { phases[index] = newValue }
    }

    var bound: Int { phases.count { if case .bound = $0 { true } else { false } } }

    /// Bound as soon as messages can leave and receipts can come, as far as the client was made for both: a transmitter
    /// alone is not enough where there is a receiver, and one of several transceivers is.
    var overall: SMPPClientState {
        var bound: (transmits: Bool, receives: Bool) = (false, false)
        var wanted = bound
        var smscID: String?
        for (mode, phase) in zip(modes, phases) {
            wanted = (wanted.transmits || mode.mayTransmit, wanted.receives || mode.mayReceive)
            guard case .bound(let id) = phase else { continue }
            bound = (bound.transmits || mode.mayTransmit, bound.receives || mode.mayReceive)
            smscID = smscID ?? id
        }
        if let smscID, bound == wanted { return .bound(smscID: smscID) }
        for case .bindRefused(let status) in phases { return .bindRefused(status) }
        if smscID != nil || phases.contains(.connecting) { return .connecting }
        return phases.allSatisfy { $0 == .stopped } ? .stopped : .disconnected
    }
}
