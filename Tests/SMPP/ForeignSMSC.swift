import Foundation
import NIOConcurrencyHelpers

/// The SMSC of the Python package smpp34, in a process of its own; ends with this object.
final class ForeignSMSC: Sendable {
    /// What cannot be tested, and what to do about it.
    struct Missing: Error, CustomStringConvertible {
        var description: String
    }

    /// One line of `Tests/Peers/smpp34_smsc.py`.
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
        var hex: String?
        var registeredDelivery: Int?
        var validityPeriod: String?
        var status: Int?
    }

    let port: Int
    private let process: ForeignProcess

    init(_ arguments: [String] = []) async throws {
        process = try ForeignProcess(arguments)
        guard let first = await process.lines.next(), first.hasPrefix("PORT "), let port = Int(first.dropFirst(5))
        else {
            throw Missing(description: "The foreign SMSC did not start (is smpp34 installed?). Run `make setup`.")
        }
        self.port = port
    }

    /// The next events of this kind; others are passed over.
    func next(_ count: Int, _ event: String) async throws -> [Line] {
        var found: [Line] = []
        while found.count < count, let text = await process.lines.next() {
            let line = try JSONDecoder().decode(Line.self, from: Data(text.utf8))
            if line.event == event { found.append(line) }
        }
        return found
    }

    func kill() { process.terminate() }
}

/// A child process whose output comes line by line; an empty end of output ends the lines.
private final class ForeignProcess: Sendable {
    let lines = Events<String>()
    private let process: NIOLockedValueBox<Process>
    private let input: Pipe

    init(_ arguments: [String]) throws {
        let root = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "../..").standardized
        let python = try Self.python(root)
        let process = Process()
        let input = Pipe()
        let output = Pipe()
        process.executableURL = URL(filePath: python)
        process.arguments = [root.appending(path: "Tests/Peers/smpp34_smsc.py").path] + arguments
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

    private static func python(_ root: URL) throws -> String {
        let python =
            ProcessInfo.processInfo.environment["VORTAG_TEST_PYTHON"] ?? root.appending(path: ".venv/bin/python").path
        guard FileManager.default.isExecutableFile(atPath: python) else {
            throw ForeignSMSC.Missing(description: "There is no Python at \(python). Run `make setup`.")
        }
        return python
    }

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
