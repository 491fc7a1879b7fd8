import Testing

@testable import SMPP

@Suite("Receipts")
struct ReceiptTests {
    struct Variant: Sendable, CustomTestStringConvertible {
        var text: String
        var id: String
        var state: MessageState?
        var error: String?
        var done: String?
        var testDescription: String { text }

        init(_ text: String, id: String, _ state: MessageState?, error: String? = nil, done: String? = nil) {
            self.text = text
            self.id = id
            self.state = state
            self.error = error
            self.done = done
        }
    }

    static let variants: [Variant] = [
        Variant(
            "id:0123456789 sub:001 dlvrd:001 submit date:2703110700 done date:2703110701 stat:DELIVRD err:000 text:Terminerinnerung",
            id: "0123456789",
            .delivered,
            error: "000",
            done: "2703110701"
        ),
        Variant(
            "id:12 sub:001 dlvrd:001 submit date:270311070000 done date:270311070112 stat:DELIVRD err:000 Text:",
            id: "12",
            .delivered,
            error: "000",
            done: "270311070112"
        ),
        Variant(
            "id:12 submit date:20270311070000 done date:20270311070112 stat:EXPIRED err:21b",
            id: "12",
            .expired,
            error: "21b",
            done: "20270311070112"
        ),
        Variant("ID:AbC STAT:delivrd ERR:0", id: "AbC", .delivered, error: "0"),
        Variant("stat:UNDELIV err:001 id:77", id: "77", .undeliverable, error: "001"),
        Variant("text:hallo id:5 stat:REJECTD", id: "5", .rejected),
        Variant("id:5 stat:ACCEPTD text:id:9 stat:DELIVRD", id: "5", .accepted),
        Variant(
            "id:550e8400-e29b-41d4-a716-446655440000 stat:DELETED",
            id: "550e8400-e29b-41d4-a716-446655440000",
            .deleted
        ),
        Variant("id:12-34 56 78 sub:001 dlvrd:13 stat:UNKNOWN", id: "12-34 56 78", .unknown),
        Variant("id: 42  stat: ENROUTE \0", id: "42", .enroute),
        Variant("id:42 stat:DELIVRD\0", id: "42", .delivered),
        Variant("id:42\nstat:DELIVRD\r\nerr:000", id: "42", .delivered, error: "000"),
        Variant("id:42\nSent by gateway\nstat:DELIVRD", id: "42", .delivered),
        Variant("id:42,stat:DELIVERED;err:5", id: "42", .delivered, error: "5"),
        Variant("message_id:42 status:Undeliverable error:EC_ABSENT", id: "42", .undeliverable, error: "EC_ABSENT"),
        Variant("id=42 stat=FAILED", id: "42", .undeliverable),
        Variant("id:42 stat:SCHEDULED", id: "42", .scheduled),
        Variant("id:42", id: "42", nil),
        Variant("id:5 stat:DELIVRD err:000 id:9 stat:EXPIRED", id: "5", .delivered, error: "000"),
        Variant("id:42 stat:WEIRD err:000", id: "42", nil, error: "000"),
        Variant("id:42 stat: err:000 stat:EXPIRED", id: "42", .expired, error: "000"),
        Variant(
            "id:\"42\" submit_date:2703110700 done_date:2703110701 stat:REJECTED",
            id: "42",
            .rejected,
            done: "2703110701"
        ),
    ]

    private func deliver(_ text: String, esmClass: UInt8 = 4, tlvs: [TLV] = []) -> InboundMessage {
        InboundMessage(source: .empty, destination: .empty, esmClass: esmClass, octets: Array(text.utf8), tlvs: tlvs)
    }

    @Test("the text is understood in its many spellings", arguments: variants)
    func spellings(_ variant: Variant) throws {
        let receipt = try #require(deliver(variant.text).receipt)
        #expect(receipt.messageID == variant.id)
        #expect(receipt.state == variant.state)
        #expect(receipt.errorCode == variant.error)
        #expect(receipt.doneDate == variant.done)
        #expect(receipt.alternativeID == nil)
    }

    @Test("the same text is read from message_payload, from data_sm and from UCS-2", arguments: variants)
    func otherPlaces(_ variant: Variant) throws {
        let octets = Array(variant.text.utf8)
        let payload = DeliverSM(source: .empty, destination: .empty, esmClass: 4, tlvs: [TLV(.messagePayload, octets)])
        #expect(InboundMessage(payload).receipt?.messageID == variant.id)
        let data = DataSM(source: .empty, destination: .empty, esmClass: 4, tlvs: [TLV(.messagePayload, octets)])
        #expect(InboundMessage(data).receipt?.state == variant.state)
        let wide = InboundMessage(
            source: .empty,
            destination: .empty,
            esmClass: 4,
            dataCoding: 8,
            octets: octets.flatMap { [0, $0] }
        )
        #expect(wide.receipt?.messageID == variant.id)
        let headed = InboundMessage(source: .empty, destination: .empty, esmClass: 0x44, octets: [1, 0x6F] + octets)
        #expect(headed.receipt?.messageID == variant.id && headed.receipt?.text == receipt(variant)?.text)
    }

    private func receipt(_ variant: Variant) -> SMPPReceipt? { deliver(variant.text).receipt }

    @Test("TLVs alone are enough, and the id in the text stands beside the TLV's")
    func optionalParameters() throws {
        let tlvs: [TLV] = [
            .string(.receiptedMessageID, "6aad5"), .byte(.messageState, 2), TLV(.networkErrorCode, [3, 0, 21]),
        ]
        let alone = try #require(deliver("", tlvs: tlvs).receipt)
        #expect(alone == SMPPReceipt(messageID: "6aad5", state: .delivered, errorCode: "030015"))
        let both = try #require(deliver("id:0000436949 stat:DELIVRD err:000", tlvs: tlvs).receipt)
        #expect(both.messageID == "6aad5" && both.alternativeID == "0000436949" && both.errorCode == "000")
        #expect(ReceiptID.normalForms("0000436949").contains("6aad5"))
        #expect(ReceiptID.normalForms("6aad5").contains("436949"))
    }

    @Test(
        "the submit date and how the text began are kept as hints",
        arguments: [
            (
                "id:1 submit date:2703110700 done date:2703110701 stat:DELIVRD err:000 text:Terminerinnerung 12.",
                "2703110700", "Terminerinnerung 12."
            ),
            (
                "id:1 submit_date:20270311070000 stat:DELIVRD Text:Terminerinnerung 12.03.2027, 10:30",
                "20270311070000", "Terminerinnerung 12."
            ),
            ("id:1 text:hallo stat:DELIVRD", nil, "hallo"), ("id:1 stat:DELIVRD text:", nil, ""),
            ("id:1 stat:DELIVRD", nil, ""),
        ] as [(String, String?, String)]
    )
    func hints(_ text: String, _ submitted: String?, _ snippet: String) throws {
        let receipt = try #require(deliver(text).receipt)
        #expect(receipt.submitDate == submitted)
        #expect(receipt.snippet == snippet)
    }

    @Test(
        "a date is read in its four lengths, and what is no date is none",
        arguments: [
            ("2703110701", 1_804_748_460), ("270311070112", 1_804_748_472), ("20270311070112", 1_804_748_472),
            ("202703110701", 1_804_748_460), ("2802290000", 1_835_395_200), ("2702290000", nil), ("2713110701", nil),
            ("2703112401", nil), ("2703110760", nil), ("270311070160", nil), ("", nil), ("27031107", nil),
            ("27-3110701", nil), ("0000000000", nil), ("99999999999999", nil), ("270311070", nil),
        ] as [(String, Int64?)]
    )
    func dates(_ text: String, _ seconds: Int64?) {
        #expect(SMPPTime.unixSeconds(text) == seconds)
    }

    @Test(
        "a date that is written is read back",
        arguments: [0, 951_782_399, 951_782_400, 1_804_748_472, 4_102_444_799]
    )
    func datesReadBack(_ seconds: Int64) {
        let text = SMPPTime.digits(unixSeconds: seconds, withSeconds: true)
        let century = seconds < 946_684_800 ? "19" : "20"
        #expect(SMPPTime.unixSeconds(century + text) == seconds)
    }

    @Test("a message that somebody wrote is no receipt, whatever it says")
    func spoofed() {
        #expect(deliver("id:1 stat:DELIVRD", esmClass: 0).receipt == nil)
        #expect(deliver("id:1 stat:DELIVRD", esmClass: 0x08).receipt == nil)
        #expect(deliver("Danke, bis morgen!").receipt == nil)
        #expect(deliver("valid: yes, stat:DELIVRD").receipt == nil)
    }

    @Test("an intermediate notification counts, and so does a receipted id without the esm_class")
    func lenient() {
        #expect(deliver("id:1 stat:ENROUTE", esmClass: 0x20).receipt?.state == .enroute)
        #expect(deliver("", esmClass: 0, tlvs: [.string(.receiptedMessageID, "1")]).receipt?.messageID == "1")
    }

    @Test("garbage is no receipt and no trap")
    func garbage() {
        var numbers = SeededNumbers(state: 34)
        let alphabet = Array("idstaerx:= \0DELIVRD019".utf8) + [0xFF, 0xC3, 0x80]
        for _ in 0..<5_000 {
            let octets = (0..<Int.random(in: 0...60, using: &numbers)).map { _ in
                alphabet.randomElement(using: &numbers) ?? 0
            }
            let coding: UInt8 = Bool.random(using: &numbers) ? 8 : 0
            let message = InboundMessage(
                source: .empty,
                destination: .empty,
                esmClass: 4,
                dataCoding: coding,
                octets: octets
            )
            #expect(message.receipt?.messageID.isEmpty != true)
        }
    }

    @Test(
        "ids are compared in every form, the surest first",
        arguments: [
            ("0000436949", .auto, ["0000436949", "436949", "4417865", "6aad5"]),
            ("6AAD5", .auto, ["6AAD5", "6aad5", "436949"]),
            ("6aad5", .decimal, ["6aad5"]), ("6aad5", .hexadecimal, ["6aad5", "436949"]),
            ("436949", .decimal, ["436949", "6aad5"]), ("000", .auto, ["000", "0"]),
            ("12-34 56", .auto, ["12-34 56"]), ("", .auto, [""]), ("-5", .auto, ["-5"]), ("+5", .auto, ["+5"]),
            (
                "550E8400-E29B-41D4-A716-446655440000", .auto,
                ["550E8400-E29B-41D4-A716-446655440000", "550e8400-e29b-41d4-a716-446655440000"]
            ),
        ] as [(String, ReceiptID.Base, [String])]
    )
    func normalForms(_ id: String, _ base: ReceiptID.Base, _ forms: [String]) {
        #expect(ReceiptID.normalForms(id, base: base) == forms)
    }

    @Test("each state's word is read back as the state", arguments: MessageState.allCases)
    func words(_ state: MessageState) {
        #expect(MessageState(word: state.word) == state)
        #expect(MessageState(word: state.word.lowercased()) == state)
    }

    @Test("the fates of the simulator are those of the interface", arguments: 0...99)
    func fates(_ number: Int) {
        let fate = SimulatedFate(destination: "43664123" + (number < 10 ? "0" : "") + String(number))
        let expected: [Int: SimulatedFate] = [
            91: .undeliverable, 92: .expired, 93: .rejectedByRecipient, 94: .serviceUnreachable, 95: .providerError,
            96: .providerRefused, 97: .noReceipt, 98: .receiptBeforeResponse, 99: .noResponse,
        ]
        #expect(fate == expected[number] ?? .delivered)
    }
}
