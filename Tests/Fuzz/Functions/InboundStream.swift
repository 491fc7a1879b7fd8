import Domain

@testable import Channels
@testable import SMPP

/// The octets as messages that somebody wrote, one after the other: `<esm_class><data_coding><length><octets>`, where
/// bit 0 of the length adds sar parameters from the first three octets.
public enum InboundStream {
    /// A sentence on what is wrong; nil where all is as it should be.
    public static func fault(in octets: [UInt8]) -> String? {
        var joiner = InboundJoiner()
        var now = ContinuousClock.Instant.now
        var rest = octets[...]
        var parts = 0
        while let message = next(&rest) {
            now += .seconds(1)
            let content = message.content
            if content.octets.count > message.octets.count { return "the content is longer than the message" }
            if let part = content.part, part.total < 2 || !(1...part.total).contains(part.number) {
                return "a part that is none"
            }
            switch joiner.take(message, now: now) {
            case .whole(let joined, let key):
                if let fault = fault(in: joined) { return fault }
                if (key == nil) != (joined.reference == nil) { return "a whole message without its reference" }
                if let key { joiner.settle(key, stored: octets.count.isMultiple(of: 2)) }
            case .waiting, .known: parts += 1
            }
        }
        let incomplete = joiner.incomplete
        if incomplete.count > parts + octets.count { return "more messages than parts" }
        for (_, joined) in joiner.overdue(now: now + InboundJoiner.patience) where joined.pieces.isEmpty {
            return "given up without anything"
        }
        return nil
    }

    private static func fault(in joined: JoinedMessage) -> String? {
        if joined.pieces.isEmpty || joined.pieces.contains(nil) { return "a whole message with a gap" }
        let message = InboundSMS(joined)
        if message != InboundSMS(joined) { return "the same message has two ids" }
        if message.sender.isEmpty != joined.source.value.isEmpty { return "a sender is lost" }
        return nil
    }

    private static func next(_ rest: inout ArraySlice<UInt8>) -> InboundMessage? {
        guard let esmClass = rest.popFirst(), let coding = rest.popFirst(), let length = rest.popFirst() else {
            return nil
        }
        let octets = Array(rest.prefix(Int(length)))
        rest = rest.dropFirst(Int(length))
        let numbers = Array(octets.prefix(3))
        let tlvs: [TLV] =
            length & 1 == 1 && numbers.count == 3
            ? [
                TLV(.sarMessageReference, [0, numbers[0]]), .byte(.sarTotalSegments, numbers[1]),
                .byte(.sarSegmentNumber, numbers[2]),
            ] : []
        return InboundMessage(
            source: Address(typeOfNumber: 1, numberingPlan: 1, value: "4366412345" + String(coding & 3)),
            destination: Address(typeOfNumber: 0, numberingPlan: 1, value: "12345"),
            esmClass: esmClass,
            dataCoding: coding,
            octets: octets,
            tlvs: tlvs
        )
    }
}
