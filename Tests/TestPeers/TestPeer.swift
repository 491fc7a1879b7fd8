// Foreign programs that the tests talk to, each in a process of its own. They live in Tests/Peers.
// Here: starting one, what it says, ending it. Not here: what any of them does.
import Foundation
import Synchronization

/// A script of `Tests/Peers`: it says `PORT n` once it listens, then a line for each thing that happens. Ends with this
/// object.
public final class TestPeer: Sendable {
    /// What cannot be tested, and what to do about it.
    public struct Missing: Error, CustomStringConvertible {
        public var description: String
    }

    public let port: Int
    private let process: PeerProcess

    /// - Throws: ``Missing`` where there is no Python, or the script does not start.
    public init(_ script: String, _ arguments: [String] = []) async throws {
        process = try PeerProcess(script, arguments)
        guard let first = await process.next(), first.hasPrefix("PORT "), let port = Int(first.dropFirst(5)) else {
            throw Missing(description: "Tests/Peers/\(script) did not start. Run `make setup`.")
        }
        self.port = port
    }

    public var address: String { "http://127.0.0.1:\(port)" }

    /// The next line of its output; nil once it has ended.
    public func next() async -> String? { await process.next() }

    /// Writes a line to its standard input.
    public func say(_ line: String) throws { try process.say(line) }
}

/// A child process whose output comes line by line.
private final class PeerProcess: Sendable {
    private let lines: AsyncStream<String>
    private let arrived: AsyncStream<String>.Continuation
    private let process: Mutex<Process>
    // Kept open: the script ends when its standard input does.
    private let input: Pipe

    init(_ script: String, _ arguments: [String]) throws {
        (lines, arrived) = AsyncStream.makeStream()
        let root = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "../..").standardized
        let child = Process()
        let output = Pipe()
        input = Pipe()
        child.executableURL = URL(filePath: try Self.python(root))
        child.arguments = ["-u", root.appending(path: "Tests/Peers/" + script).path] + arguments
        child.standardInput = input
        child.standardOutput = output
        let rest = Mutex<[UInt8]>([])
        output.fileHandleForReading.readabilityHandler = { [arrived] handle in
            let data = handle.availableData
            if data.isEmpty {
                handle.readabilityHandler = nil
                arrived.finish()
                return
            }
            for line in rest.withLock({ Self.lines(in: &$0, adding: data) }) { arrived.yield(line) }
        }
        try child.run()
        // Ours are the other ends.
        try? output.fileHandleForWriting.close()
        try? input.fileHandleForReading.close()
        process = Mutex(child)
    }

    deinit {
        process.withLock { if $0.isRunning { $0.terminate() } }
        try? input.fileHandleForWriting.close()
    }

    func next() async -> String? {
        for await line in lines { return line }
        return nil
    }

    func say(_ line: String) throws { try input.fileHandleForWriting.write(contentsOf: Data((line + "\n").utf8)) }

    private static func python(_ root: URL) throws -> String {
        let python =
            ProcessInfo.processInfo.environment["VORTAG_TEST_PYTHON"] ?? root.appending(path: ".venv/bin/python").path
        guard FileManager.default.isExecutableFile(atPath: python) else {
            throw TestPeer.Missing(description: "There is no Python at \(python). Run `make setup`.")
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
