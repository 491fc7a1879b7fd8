/// What becomes of a simulated message, chosen by the last two digits of its number.
public enum SimulatedFate: String, Sendable, Hashable, CaseIterable {
    case delivered
    case undeliverable
    case expired
    case rejectedByRecipient
    case serviceUnreachable
    case providerError
    case providerRefused
    /// Accepted, and never a receipt.
    case noReceipt
    /// Delivered, and the receipt comes before the response.
    case receiptBeforeResponse
    /// Neither response nor receipt.
    case noResponse

    /// 00–90 delivered, 91 undeliverable, 92 expired, 93 rejected by recipient, 94 service unreachable,
    /// 95 provider error, 96 provider refused, 97 no receipt, 98 receipt first, 99 no response.
    /// Anything but digits is passed over; fewer than two digits are delivered.
    public init(destination: String) {
        let digits = destination.utf8.filter { $0 >= 0x30 && $0 <= 0x39 }.suffix(2).map { Int($0) - 0x30 }
        let number = digits.count == 2 ? digits[0] * 10 + digits[1] : 0
        switch number {
        case 91: self = .undeliverable
        case 92: self = .expired
        case 93: self = .rejectedByRecipient
        case 94: self = .serviceUnreachable
        case 95: self = .providerError
        case 96: self = .providerRefused
        case 97: self = .noReceipt
        case 98: self = .receiptBeforeResponse
        case 99: self = .noResponse
        default: self = .delivered
        }
    }

    /// The command_status of the response; nil where none comes.
    public var response: CommandStatus? {
        switch self {
        case .delivered, .undeliverable, .expired, .rejectedByRecipient, .noReceipt, .receiptBeforeResponse: .ok
        // Not "throttled": one such number must not slow down all the others.
        case .serviceUnreachable: .temporaryApplicationError
        case .providerError: .systemError
        case .providerRefused: .invalidSourceAddress
        case .noResponse: nil
        }
    }

    /// The state in the receipt; nil where none comes.
    public var receipt: MessageState? {
        switch self {
        case .delivered, .receiptBeforeResponse: .delivered
        case .undeliverable: .undeliverable
        case .expired: .expired
        case .rejectedByRecipient: .rejected
        case .serviceUnreachable, .providerError, .providerRefused, .noReceipt, .noResponse: nil
        }
    }
}
