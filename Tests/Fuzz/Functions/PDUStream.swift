// What lives here: for each fuzzed reader a function from octets to the fault that they show, if any. The fuzzers of
// tools/fuzz and the short seeded test call the same functions.
// What must not: anything that depends on the time, on chance, or on what was fuzzed before.

import NIOCore

@testable import SMPP

/// The octets as what a peer sends: cut into PDUs, each read, written and read again, and fed to both sessions.
public enum PDUStream {
    typealias Client = SMPPSessionStateMachine<Int>
    private typealias Frame = Result<PDU, PDUDecodingError>

    /// A sentence on what is wrong; nil where all is as it should be.
    public static func fault(in octets: [UInt8]) -> String? {
        let whole = frames(of: octets, in: octets.count)
        if whole.count > octets.count / PDUDecoder.headerLength { return "more PDUs than headers fit" }
        // However the stream is cut on its way, the same comes out.
        let step = Int(octets.first ?? 0) % 7 + 1
        if frames(of: octets, in: step) != whole { return "the cuts of the stream show in the PDUs" }
        let pdus = whole.compactMap { try? $0.get() }
        for pdu in pdus {
            if let fault = rewritten(pdu) { return fault }
        }
        return clientFault(pdus) ?? serverFault(pdus)
    }

    private static func frames(of octets: [UInt8], in step: Int) -> [Frame] {
        let processor = NIOSingleStepByteToMessageProcessor(PDUFrameDecoder(maximumLength: 4_096))
        var frames: [Frame] = []
        for start in stride(from: 0, to: octets.count, by: max(1, step)) {
            let end = min(start + max(1, step), octets.count)
            do {
                try processor.process(buffer: ByteBuffer(bytes: octets[start..<end])) { frames.append($0) }
            } catch {
                return frames
            }
        }
        return frames
    }

    /// What can be written at all is read back as it was. A refusing response has no body on the wire.
    private static func rewritten(_ pdu: PDU) -> String? {
        if pdu.command.isResponse, pdu.status != .ok { return nil }
        var buffer = ByteBuffer()
        do { try PDUEncoder.encode(pdu, into: &buffer) } catch { return nil }
        guard let again = try? PDUDecoder.decode(frame: buffer) else { return "what was written cannot be read" }
        return again == pdu ? nil : "what was written reads differently"
    }

    /// Each request has one outcome, however the SMSC behaves, and late answers only go to those that were given up.
    private static func clientFault(_ pdus: [PDU]) -> String? {
        var now = NIODeadline.uptimeNanoseconds(1)
        var machine = Client(settings: Client.Settings(bind: BindRequest(systemID: "a", password: "b"), window: 4))
        var opened = 0
        var outcomes: [Int: SubmitResult] = [:]
        var actions = machine.connected(now: now)
        actions += machine.received(PDU(.bindResponse(.transceiver, BindResponse()), sequence: .first), now: now)
        for pdu in pdus {
            while machine.open(opened, tag: SubmitTag(id: Int64(opened)), now: now) != nil { opened += 1 }
            if machine.inFlightCount > 4 { return "more in flight than the window" }
            now = now + .seconds(Int64(pdu.sequence.rawValue % 16))
            actions += machine.received(pdu, now: now) + machine.tick(now: now)
        }
        actions += machine.connectionLost()
        for action in actions {
            switch action {
            case .complete(let request, let result):
                if outcomes.updateValue(result, forKey: request) != nil { return "a request has two outcomes" }
            case .late(let tag, _):
                let outcome = outcomes[Int(tag.id)]
                if outcome != .unknown(.responseTimedOut) { return "a late answer to what was not given up" }
            case .write, .bound, .deliver, .close: break
            }
        }
        return outcomes.count == opened ? nil : "a request has no outcome"
    }

    private static func serverFault(_ pdus: [PDU]) -> String? {
        var machine = SMPPServerStateMachine<Int>(window: 2, responseTimeout: .seconds(10))
        var now = NIODeadline.uptimeNanoseconds(1)
        var opened = 0
        var ended: Set<Int> = []
        for pdu in pdus {
            now = now + .seconds(Int64(pdu.sequence.rawValue % 16))
            var actions = machine.received(pdu) + machine.tick(now: now)
            for case .bind(let mode, _, let sequence) in actions {
                actions += machine.bindDecided(mode, sequence, status: .ok, systemID: "SMSC")
            }
            while machine.deliver(opened, now: now) != nil { opened += 1 }
            for case .delivered(let delivery, _) in actions where !ended.insert(delivery).inserted {
                return "a delivery has two ends"
            }
        }
        for case .delivered(let delivery, _) in machine.connectionLost() { ended.insert(delivery) }
        return ended.count == opened ? nil : "a delivery has no end"
    }
}
