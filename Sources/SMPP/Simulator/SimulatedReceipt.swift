/// A receipt that the simulator owes; of the message itself nothing is kept.
struct SimulatedReceipt: Sendable {
    var messageID: String
    var state: MessageState
    /// Sender and recipient of the message that it is about.
    var source: Address
    var destination: Address
    /// Seconds since 1970.
    var submittedAt: Int64
    var systemID: String
    var session: SMPPServerSession.ID
    var refusals = 0

    /// The deliver_sm: text as in SMPP 3.4 Appendix B, and the TLVs that it recommends.
    func message(doneAt: Int64) -> DeliverSM {
        let delivered = state == .delivered
        let text =
            "id:\(messageID) sub:001 dlvrd:\(delivered ? "001" : "000")"
            + " submit date:\(SMPPTime.digits(unixSeconds: submittedAt))"
            + " done date:\(SMPPTime.digits(unixSeconds: doneAt))"
            + " stat:\(state.word) err:\(delivered ? "000" : "001") text:"
        return DeliverSM(
            source: destination,
            destination: source,
            esmClass: 0x04,
            shortMessage: Array(text.utf8),
            tlvs: [.string(.receiptedMessageID, messageID), .byte(.messageState, state.rawValue)]
        )
    }
}
