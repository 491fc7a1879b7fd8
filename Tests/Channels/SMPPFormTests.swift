import Domain
import SMPP
import Testing

@testable import Channels

@Suite("How a provider wants messages to be written")
struct SMPPFormTests {
    private static let now: Int64 = 1_804_748_400

    private func form(_ options: [String: String]) throws -> SMPPForm {
        try SMPPForm(ProviderOptions(options, known: SMPPForm.knownOptions))
    }

    private func message(_ text: String, from sender: String = "Praxis", validity: Int = 3_600) throws
        -> OutgoingSMS
    {
        OutgoingSMS(
            id: Identifier(0x1_0203),
            composed: ComposedSMS(
                recipient: "+436641234500",
                sender: try #require(SenderID(stored: sender)),
                text: text,
                encoding: SMSEncoding.of(text),
                validitySeconds: validity
            )
        )
    }

    private func submit(_ text: String, _ options: [String: String] = [:], from: String = "Praxis") throws -> SubmitSM {
        let (form, message) = (try form(options), try message(text, from: from))
        return form.submit(try #require(form.content(of: message)), of: message, unixTime: { Self.now })
    }

    private func parts(_ text: String, _ options: [String: String]) throws -> [SubmitSM] {
        let (form, message) = (try form(options), try message(text))
        let content = try #require(form.content(of: message))
        #expect(form.travelsInParts(content))
        return try #require(form.parts(content, of: message, unixTime: { Self.now }))
    }

    @Test(
        "a text goes in the alphabet that the provider wants and that it fits",
        arguments: [
            ("gsm", "Jä@", 0, [0x4A, 0x7B, 0x00]), ("gsm", "ę", 8, [0x01, 0x19]), ("gsm", "€", 0, [0x1B, 0x65]),
            ("latin1", "Jä@", 3, [0x4A, 0xE4, 0x40]), ("latin1", "J\u{61}\u{308}", 3, [0x4A, 0xE4]),
            // In Latin-1 but not in the GSM alphabet, and the other way round.
            ("latin1", "â", 8, [0x00, 0xE2]), ("latin1", "€", 8, [0x20, 0xAC]), ("latin1", "Ω", 8, [0x03, 0xA9]),
            ("ucs2", "Jä", 8, [0x00, 0x4A, 0x00, 0xE4]), ("ucs2", "😀", 8, [0xD8, 0x3D, 0xDE, 0x00]),
        ] as [(String, String, UInt8, [UInt8])]
    )
    func alphabets(_ alphabet: String, _ text: String, _ dataCoding: UInt8, _ octets: [UInt8]) throws {
        let submit = try submit(text, ["alphabet": alphabet])
        #expect(submit.dataCoding == dataCoding && submit.shortMessage == octets)
    }

    @Test(
        "an SMSC's own data_coding stands for its default alphabet, and never for UCS-2",
        arguments: [("Jä", "gsm", 240), ("Jä", "latin1", 240), ("ę", "gsm", 8), ("Jä", "ucs2", 8)]
            as [(String, String, UInt8)]
    )
    func dataCoding(_ text: String, _ alphabet: String, _ expected: UInt8) throws {
        #expect(try submit(text, ["alphabet": alphabet, "data-coding": "240"]).dataCoding == expected)
    }

    @Test("types of number follow from the sender, unless the provider demands others")
    func types() throws {
        let name = try submit("x")
        #expect(name.source.typeOfNumber == 5 && name.source.numberingPlan == 0)
        #expect(name.destination.typeOfNumber == 1 && name.destination.numberingPlan == 1)
        let number = try submit("x", from: "00436761234567")
        #expect(number.source == Address(typeOfNumber: 1, numberingPlan: 1, value: "436761234567"))
        let other = try submit("x", ["source-ton": "3", "source-npi": "9", "dest-ton": "0", "dest-npi": "6"])
        #expect(other.source.typeOfNumber == 3 && other.source.numberingPlan == 9 && other.source.value == "Praxis")
        #expect(other.destination.typeOfNumber == 0 && other.destination.numberingPlan == 6)
        #expect(other.destination.value == "436641234500")
    }

    @Test("the validity is a span, or an instant in UTC, and no longer than the provider takes")
    func validity() throws {
        #expect(try submit("x").validityPeriod == "000000010000000R")
        #expect(try submit("x", ["validity-form": "absolute"]).validityPeriod == "270311080000000+")
        #expect(try submit("x", ["validity-form": "absolute", "validity": "60"]).validityPeriod == "270311070100000+")
    }

    @Test(
        "receipts are asked for as the option says, and only one for every fate is enough to rely on",
        arguments: [("0", false), ("1", true), ("2", false), ("16", false), ("17", true), ("31", false)]
    )
    func registeredDelivery(_ value: String, _ isEnough: Bool) throws {
        #expect(try submit("x", ["registered-delivery": value]).registeredDelivery == UInt8(value))
        #expect(try form(["registered-delivery": value]).asksForReceipts == isEnough)
        #expect(try form([:]).asksForReceipts)
    }

    @Test("over 254 octets, or always, a text travels as message_payload")
    func payload() throws {
        #expect(try submit(String(repeating: "a", count: 254)).tlvs.isEmpty)
        let long = try submit(String(repeating: "a", count: 255))
        #expect(long.shortMessage.isEmpty && long.tlvs.value(.messagePayload)?.count == 255)
        let always = try submit("a", ["message-payload": "always"])
        #expect(always.shortMessage.isEmpty && always.tlvs == [TLV(.messagePayload, [0x61])])
    }

    @Test("parts are numbered by a header")
    func headers() throws {
        let parts = try parts(String(repeating: "a", count: 161), ["long": "parts", "message-payload": "always"])
        #expect(parts.map { Array($0.shortMessage.prefix(6)) } == [[5, 0, 3, 3, 2, 1], [5, 0, 3, 3, 2, 2]])
        #expect(parts.map(\.shortMessage.count) == [159, 14] && parts.allSatisfy { $0.esmClass == 0x40 })
    }

    @Test("parts are numbered by parameters, without a header")
    func segments() throws {
        let parts = try parts(String(repeating: "ę", count: 71), ["long": "sar"])
        #expect(
            parts.map(\.shortMessage.count) == [134, 8] && parts.allSatisfy { $0.esmClass == 0 && $0.dataCoding == 8 }
        )
        #expect(
            parts.last?.tlvs == [
                TLV(.sarMessageReference, [2, 3]), TLV(.sarTotalSegments, [2]), TLV(.sarSegmentNumber, [2]),
            ]
        )
    }

    @Test("Latin-1 is cut where the GSM alphabet will be: brackets and the like count twice")
    func latin1Parts() throws {
        let parts = try parts(
            String(repeating: "ä", count: 152) + "[]" + String(repeating: "a", count: 10),
            [
                "long": "parts", "alphabet": "latin1",
            ]
        )
        #expect(parts.map { $0.shortMessage.count - 6 } == [152, 12] && parts.allSatisfy { $0.dataCoding == 3 })
        let fits = try message(String(repeating: "[", count: 80))
        let form = try form(["long": "parts", "alphabet": "latin1"])
        #expect(!form.travelsInParts(try #require(form.content(of: fits))))
    }

    @Test("umlauts beside a Polish name make a long text UCS-2, whole in its parts")
    func correction() throws {
        let text =
            "Ihr Termin bei Dr. Wałęsa wurde verlegt: Mo., 15.03.2027, 08:30 Uhr, Praxis am Park, Türkenstraße 5. "
            + "Bitte um Rückruf, falls das für Sie nicht möglich ist."
        let parts = try parts(text, ["long": "parts"])
        let octets = parts.flatMap { $0.shortMessage.dropFirst(6) }
        #expect(parts.count == 3 && parts.allSatisfy { $0.dataCoding == 8 && $0.shortMessage.count <= 140 })
        #expect(SMPPInboundText.text(octets, dataCoding: 8) == text)
    }
}
