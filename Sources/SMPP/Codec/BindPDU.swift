/// Body of bind_transmitter, bind_receiver and bind_transceiver (SMPP 3.4 §4.1).
public struct BindRequest: Sendable, Equatable {
    public var systemID: String
    public var password: String
    public var systemType: String
    public var interfaceVersion: UInt8
    public var addressRange: Address

    public init(
        systemID: String,
        password: String,
        systemType: String = "",
        interfaceVersion: UInt8 = 0x34,
        addressRange: Address = .empty
    ) {
        self.systemID = systemID
        self.password = password
        self.systemType = systemType
        self.interfaceVersion = interfaceVersion
        self.addressRange = addressRange
    }
}

/// Body of the three bind responses (SMPP 3.4 §4.1.2); empty where the bind is refused.
public struct BindResponse: Sendable, Equatable {
    public var systemID: String
    public var tlvs: [TLV]

    public init(systemID: String = "", tlvs: [TLV] = []) {
        self.systemID = systemID
        self.tlvs = tlvs
    }
}
