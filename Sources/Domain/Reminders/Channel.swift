/// The ways to reach a patient.
public enum Channel: String, CaseIterable, Sendable {
    case sms, email

    /// By which a message can go where this one did not reach the patient.
    public var other: Channel { self == .sms ? .email : .sms }
}

/// Which reminder an appointment gets (rule 3).
public enum ReminderKind: String, CaseIterable, Sendable {
    case none, sms, email, both

    public init(_ channels: Set<Channel>) {
        switch (channels.contains(.sms), channels.contains(.email)) {
        case (true, true): self = .both
        case (true, false): self = .sms
        case (false, true): self = .email
        case (false, false): self = .none
        }
    }

    public var channels: Set<Channel> {
        switch self {
        case .none: []
        case .sms: [.sms]
        case .email: [.email]
        case .both: [.sms, .email]
        }
    }
}
