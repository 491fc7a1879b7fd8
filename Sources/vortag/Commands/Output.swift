import Foundation

/// Where commands speak: results alone on standard output, everything else on standard error.
enum Output {
    static func result(_ text: String) {
        FileHandle.standardOutput.write(Data((text + "\n").utf8))
    }

    static func note(_ text: String) {
        FileHandle.standardError.write(Data((text + "\n").utf8))
    }

    /// Columns padded to their widest cell.
    static func table(_ rows: [[String]]) {
        guard let columns = rows.map(\.count).max() else { return }
        let widths = (0..<columns).map { column in
            rows.map { column < $0.count ? $0[column].count : 0 }.max() ?? 0
        }
        for row in rows {
            let cells = row.enumerated().map { column, cell in
                column == row.count - 1 ? cell : cell.padding(toLength: widths[column], withPad: " ", startingAt: 0)
            }
            result(cells.joined(separator: "  "))
        }
    }

    /// A bar on standard error, drawn only for a person at a terminal.
    static func progress(_ done: Int, of total: Int, _ label: String) {
        guard isatty(2) == 1, total > 0 else { return }
        let filled = done * 30 / total
        let bar = String(repeating: "#", count: filled) + String(repeating: ".", count: 30 - filled)
        FileHandle.standardError.write(Data("\r\(label) [\(bar)] \(done)/\(total)".utf8))
        if done >= total { note("") }
    }
}

/// What stands on standard input, as for a password: its first line.
enum StandardInput {
    static func line(prompt: String) -> String {
        guard isatty(0) == 1 else { return readLine() ?? "" }
        FileHandle.standardError.write(Data(prompt.utf8))
        var state = termios()
        tcgetattr(0, &state)
        let before = state
        state.c_lflag &= ~tcflag_t(ECHO)
        tcsetattr(0, TCSANOW, &state)
        defer {
            var restored = before
            tcsetattr(0, TCSANOW, &restored)
            Output.note("")
        }
        return readLine() ?? ""
    }
}
