import Foundation
import Testing

/// The short form of tools/fuzz: the corpus, and some thousands of changes to it that are the same in every run.
@Suite("Whatever comes in, nothing traps")
struct FuzzTests {
    private static let corpus = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
        .appendingPathComponent("Corpus")

    /// The inputs of a kind, in the order of their names; `.hex` files are pairs of digits with `#` comments.
    private static func inputs(_ kind: String) throws -> [[UInt8]] {
        let folder = corpus.appendingPathComponent(kind)
        let files = try FileManager.default.contentsOfDirectory(at: folder, includingPropertiesForKeys: nil)
        return try files.sorted { $0.lastPathComponent < $1.lastPathComponent }.map { file in
            let data = try Data(contentsOf: file)
            guard file.pathExtension == "hex" else { return Array(data) }
            let lines = String(decoding: data, as: UTF8.self).split(separator: "\n")
            let digits = lines.flatMap { $0.prefix { $0 != "#" }.filter(\.isHexDigit) }
            return stride(from: 0, to: digits.count - 1, by: 2).compactMap {
                UInt8(String(digits[$0...$0 + 1]), radix: 16)
            }
        }
    }

    /// The corpus and `count` changes to it.
    private static func changed(_ kind: String, count: Int) throws -> [[UInt8]] {
        let inputs = try inputs(kind)
        try #require(inputs.count >= 10)
        var numbers = SeededNumbers(state: 20_270_311)
        var all = inputs
        for _ in 0..<count {
            let input = all.randomElement(using: &numbers) ?? []
            all.append(Mutation.of(input, and: inputs.randomElement(using: &numbers) ?? [], using: &numbers))
        }
        return all
    }

    @Test func `A stream of PDUs`() throws {
        for octets in try Self.changed("pdu", count: 5_000) {
            let fault = PDUStream.fault(in: octets)
            #expect(fault == nil, "\(octets)")
        }
    }

    @Test func `A receipt`() throws {
        for octets in try Self.changed("receipt", count: 5_000) {
            let fault = ReceiptMessage.fault(in: octets)
            #expect(fault == nil, "\(octets)")
        }
    }

    @Test func `Inbound messages`() throws {
        for octets in try Self.changed("inbound", count: 5_000) {
            let fault = InboundStream.fault(in: octets)
            #expect(fault == nil, "\(octets)")
        }
    }

    @Test func `What a gateway says over HTTP`() throws {
        for octets in try Self.changed("gateway", count: 5_000) {
            let fault = GatewayText.fault(in: octets)
            #expect(fault == nil, "\(String(decoding: octets, as: UTF8.self))")
        }
    }

    @Test func `What a mail server says to a message`() throws {
        for octets in try Self.changed("replies", count: 5_000) {
            let fault = MailReplies.fault(in: octets)
            #expect(fault == nil, "\(octets)")
        }
    }

    @Test func `A configuration`() async throws {
        let path = FileManager.default.temporaryDirectory.appendingPathComponent("fuzz-\(UUID()).conf").path
        defer { try? FileManager.default.removeItem(atPath: path) }
        for octets in try Self.changed("configuration", count: 2_000) {
            let fault = await ConfigurationText.fault(in: octets, path: path)
            #expect(fault == nil, "\(octets)")
        }
    }
}
