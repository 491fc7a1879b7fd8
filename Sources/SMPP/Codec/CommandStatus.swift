/// The command_status of a response (SMPP 3.4 §5.1.3); codes without a name are kept as they are.
public struct CommandStatus: RawRepresentable, Sendable, Hashable, CustomStringConvertible {
    public var rawValue: UInt32

    public init(rawValue: UInt32) { self.rawValue = rawValue }

    public static let ok = CommandStatus(rawValue: 0x00)
    public static let invalidMessageLength = CommandStatus(rawValue: 0x01)
    public static let invalidCommandLength = CommandStatus(rawValue: 0x02)
    public static let invalidCommandID = CommandStatus(rawValue: 0x03)
    public static let incorrectBindStatus = CommandStatus(rawValue: 0x04)
    public static let alreadyBound = CommandStatus(rawValue: 0x05)
    public static let invalidPriority = CommandStatus(rawValue: 0x06)
    public static let invalidRegisteredDelivery = CommandStatus(rawValue: 0x07)
    public static let systemError = CommandStatus(rawValue: 0x08)
    public static let invalidSourceAddress = CommandStatus(rawValue: 0x0A)
    public static let invalidDestinationAddress = CommandStatus(rawValue: 0x0B)
    public static let invalidMessageID = CommandStatus(rawValue: 0x0C)
    public static let bindFailed = CommandStatus(rawValue: 0x0D)
    public static let invalidPassword = CommandStatus(rawValue: 0x0E)
    public static let invalidSystemID = CommandStatus(rawValue: 0x0F)
    public static let cancelFailed = CommandStatus(rawValue: 0x11)
    public static let replaceFailed = CommandStatus(rawValue: 0x13)
    public static let messageQueueFull = CommandStatus(rawValue: 0x14)
    public static let invalidServiceType = CommandStatus(rawValue: 0x15)
    public static let invalidDestinationCount = CommandStatus(rawValue: 0x33)
    public static let invalidDistributionListName = CommandStatus(rawValue: 0x34)
    public static let invalidDestinationFlag = CommandStatus(rawValue: 0x40)
    public static let invalidSubmitWithReplace = CommandStatus(rawValue: 0x42)
    public static let invalidESMClass = CommandStatus(rawValue: 0x43)
    public static let cannotSubmitToDistributionList = CommandStatus(rawValue: 0x44)
    public static let submitFailed = CommandStatus(rawValue: 0x45)
    public static let invalidSourceTON = CommandStatus(rawValue: 0x48)
    public static let invalidSourceNPI = CommandStatus(rawValue: 0x49)
    public static let invalidDestinationTON = CommandStatus(rawValue: 0x50)
    public static let invalidDestinationNPI = CommandStatus(rawValue: 0x51)
    public static let invalidSystemType = CommandStatus(rawValue: 0x53)
    public static let invalidReplaceFlag = CommandStatus(rawValue: 0x54)
    public static let invalidNumberOfMessages = CommandStatus(rawValue: 0x55)
    public static let throttled = CommandStatus(rawValue: 0x58)
    public static let invalidScheduledDelivery = CommandStatus(rawValue: 0x61)
    public static let invalidExpiry = CommandStatus(rawValue: 0x62)
    public static let invalidDefaultMessageID = CommandStatus(rawValue: 0x63)
    public static let temporaryApplicationError = CommandStatus(rawValue: 0x64)
    public static let permanentApplicationError = CommandStatus(rawValue: 0x65)
    public static let rejectedByApplication = CommandStatus(rawValue: 0x66)
    public static let queryFailed = CommandStatus(rawValue: 0x67)
    public static let invalidOptionalParameterStream = CommandStatus(rawValue: 0xC0)
    public static let optionalParameterNotAllowed = CommandStatus(rawValue: 0xC1)
    public static let invalidParameterLength = CommandStatus(rawValue: 0xC2)
    public static let missingOptionalParameter = CommandStatus(rawValue: 0xC3)
    public static let invalidOptionalParameterValue = CommandStatus(rawValue: 0xC4)
    public static let deliveryFailure = CommandStatus(rawValue: 0xFE)
    public static let unknownError = CommandStatus(rawValue: 0xFF)

    /// The name that the standard gives it, or nil.
    public var name: String? { Self.names[rawValue] }

    /// Every code that the standard names.
    public static var named: [CommandStatus] { names.keys.sorted().map(CommandStatus.init(rawValue:)) }

    public var description: String { name ?? "0x" + String(rawValue, radix: 16) }

    private static let names: [UInt32: String] = [
        0x00: "ESME_ROK", 0x01: "ESME_RINVMSGLEN", 0x02: "ESME_RINVCMDLEN", 0x03: "ESME_RINVCMDID",
        0x04: "ESME_RINVBNDSTS", 0x05: "ESME_RALYBND", 0x06: "ESME_RINVPRTFLG", 0x07: "ESME_RINVREGDLVFLG",
        0x08: "ESME_RSYSERR", 0x0A: "ESME_RINVSRCADR", 0x0B: "ESME_RINVDSTADR", 0x0C: "ESME_RINVMSGID",
        0x0D: "ESME_RBINDFAIL", 0x0E: "ESME_RINVPASWD", 0x0F: "ESME_RINVSYSID", 0x11: "ESME_RCANCELFAIL",
        0x13: "ESME_RREPLACEFAIL", 0x14: "ESME_RMSGQFUL", 0x15: "ESME_RINVSERTYP", 0x33: "ESME_RINVNUMDESTS",
        0x34: "ESME_RINVDLNAME", 0x40: "ESME_RINVDESTFLAG", 0x42: "ESME_RINVSUBREP", 0x43: "ESME_RINVESMCLASS",
        0x44: "ESME_RCNTSUBDL", 0x45: "ESME_RSUBMITFAIL", 0x48: "ESME_RINVSRCTON", 0x49: "ESME_RINVSRCNPI",
        0x50: "ESME_RINVDSTTON", 0x51: "ESME_RINVDSTNPI", 0x53: "ESME_RINVSYSTYP", 0x54: "ESME_RINVREPFLAG",
        0x55: "ESME_RINVNUMMSGS", 0x58: "ESME_RTHROTTLED", 0x61: "ESME_RINVSCHED", 0x62: "ESME_RINVEXPIRY",
        0x63: "ESME_RINVDFTMSGID", 0x64: "ESME_RX_T_APPN", 0x65: "ESME_RX_P_APPN", 0x66: "ESME_RX_R_APPN",
        0x67: "ESME_RQUERYFAIL", 0xC0: "ESME_RINVOPTPARSTREAM", 0xC1: "ESME_ROPTPARNOTALLWD",
        0xC2: "ESME_RINVPARLEN", 0xC3: "ESME_RMISSINGOPTPARAM", 0xC4: "ESME_RINVOPTPARAMVAL",
        0xFE: "ESME_RDELIVERYFAILURE", 0xFF: "ESME_RUNKNOWNERR",
    ]
}
