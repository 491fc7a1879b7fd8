import Foundation
import NIOConcurrencyHelpers

/// SMSCs that are none of ours, each in Tests/Peers and with the same lines in and out.
enum Peer: String, CaseIterable, Sendable {
    /// The server of the Python package smpp34.
    case smpp34
    /// The simulator in Jasmin's source package.
    case jasmin
    /// Net::SMPP of Perl.
    case netsmpp

    /// Its program and the first arguments.
    func command(_ root: URL) -> [String] {
        let peers = root.appending(path: "Tests/Peers").path
        let python =
            ProcessInfo.processInfo.environment["VORTAG_TEST_PYTHON"] ?? root.appending(path: ".venv/bin/python").path
        switch self {
        case .smpp34: return [python, peers + "/smpp34_smsc.py"]
        case .jasmin:
            let source = root.appending(path: ".venv/jasmin-0.11.1.tar.gz").path
            return [python, peers + "/jasmin_smsc.py", "--jasmin", source]
        case .netsmpp: return ["/usr/bin/perl", peers + "/netsmpp_smsc.pl"]
        }
    }

    /// Its ids of messages are this and a number from 1.
    var idPrefix: String { rawValue + "-" }
}

/// A foreign SMSC in a process of its own; ends with this object.
final class ForeignSMSC: Sendable {
    /// What cannot be tested, and what to do about it.
    struct Missing: Error, CustomStringConvertible {
        var description: String
    }

    /// One line of a program in `Tests/Peers`.
    struct Line: Decodable, Sendable {
        var event: String
        var messageId: String?
        var source: String?
        var sourceTon: Int?
        var sourceNpi: Int?
        var destination: String?
        var destinationTon: Int?
        var destinationNpi: Int?
        var dataCoding: Int?
        var esmClass: Int?
        var hex: String?
        /// The octets of message_payload where the peer tells them apart.
        var payload: String?
        var registeredDelivery: Int?
        var validityPeriod: String?
        var status: Int?
        /// The name of a response.
        var pdu: String?
        var error: String?
    }

    static let root = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "../..").standardized

    let port: Int
    private let process: ForeignProcess

    init(_ peer: Peer = .smpp34, _ arguments: [String] = []) async throws {
        process = try ForeignProcess(peer.command(Self.root) + arguments)
        guard let first = await process.lines.next(), first.hasPrefix("PORT "), let port = Int(first.dropFirst(5))
        else {
            throw Missing(description: "The foreign SMSC \(peer) did not start. Run `make setup`.")
        }
        self.port = port
    }

    /// The next events of this kind; others are passed over, but an error of the peer's is none of them.
    func next(_ count: Int, _ event: String) async throws -> [Line] {
        var found: [Line] = []
        while found.count < count, let text = await process.lines.next() {
            let line = try JSONDecoder().decode(Line.self, from: Data(text.utf8))
            if line.event == "error" { throw Missing(description: "The peer says: \(line.error ?? "")") }
            if line.event == event { found.append(line) }
        }
        return found
    }

    /// Tells the peer to do something.
    func command(_ command: [String: any Sendable & Encodable]) throws {
        let fields = command.map { name, value in "\"\(name)\":" + (value is Int ? "\(value)" : "\"\(value)\"") }
        try process.write("{" + fields.joined(separator: ",") + "}\n")
    }

    func kill() { process.terminate() }
}

/// A child process whose output comes line by line; an empty end of output ends the lines.
private final class ForeignProcess: Sendable {
    let lines = Events<String>()
    private let process: NIOLockedValueBox<Process>
    private let input: Pipe

    init(_ command: [String]) throws {
        guard FileManager.default.isExecutableFile(atPath: command[0]) else {
            throw ForeignSMSC.Missing(description: "There is no \(command[0]). Run `make setup`.")
        }
        let process = Process()
        let input = Pipe()
        let output = Pipe()
        process.executableURL = URL(filePath: command[0])
        process.arguments = Array(command.dropFirst())
        process.standardInput = input
        process.standardOutput = output
        let rest = NIOLockedValueBox<[UInt8]>([])
        output.fileHandleForReading.readabilityHandler = { [lines] handle in
            let data = handle.availableData
            if data.isEmpty {
                handle.readabilityHandler = nil
                lines.finish()
                return
            }
            for line in rest.withLockedValue({ Self.lines(in: &$0, adding: data) }) { lines.add(line) }
        }
        try process.run()
        self.input = input
        self.process = NIOLockedValueBox(process)
    }

    deinit { terminate() }

    func terminate() {
        process.withLockedValue { if $0.isRunning { $0.terminate() } }
    }

    func write(_ line: String) throws { try input.fileHandleForWriting.write(contentsOf: Data(line.utf8)) }

    private static func lines(in rest: inout [UInt8], adding data: Data) -> [String] {
        rest += data
        var lines: [String] = []
        while let end = rest.firstIndex(of: 0x0A) {
            lines.append(String(decoding: rest[..<end], as: UTF8.self))
            rest.removeSubrange(...end)
        }
        return lines
    }
}
