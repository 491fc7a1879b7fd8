/// One row of values in the form that libpq takes: text for everything but bytes. The types are left to the server, which
/// reads them off the statement. The buffers serve one row after the other.
struct PostgreSQLParameters {
    private var buffer: [UInt8] = []
    /// Where each value begins; -1 for NULL.
    private var starts: [Int] = []
    private var lengths: [CInt] = []
    private var formats: [CInt] = []

    private mutating func clear() {
        buffer.removeAll(keepingCapacity: true)
        starts.removeAll(keepingCapacity: true)
        lengths.removeAll(keepingCapacity: true)
        formats.removeAll(keepingCapacity: true)
    }

    /// An array for each column (PostgreSQL 15 manual, 8.15.6).
    mutating func fill(_ given: GivenRows) {
        clear()
        for column in given.columns.indices {
            let start = buffer.count
            buffer.append(UInt8(ascii: "{"))
            for (index, row) in given.rows.enumerated() {
                if index > 0 { buffer.append(UInt8(ascii: ",")) }
                appendElement(row[column])
            }
            buffer.append(UInt8(ascii: "}"))
            starts.append(start)
            lengths.append(CInt(buffer.count - start))
            formats.append(0)
            buffer.append(0)
        }
    }

    private mutating func appendElement(_ value: SQLValue) {
        switch value {
        case .integer(let integer): append(integer)
        case .text(let text):
            buffer.append(UInt8(ascii: "\""))
            append(text, escaping: true)
            buffer.append(UInt8(ascii: "\""))
        // Bytes and lists are of no kind that a given column can have.
        case .null, .bytes, .integers: buffer.append(contentsOf: Array("NULL".utf8))
        }
    }

    mutating func fill(_ values: [SQLValue]) {
        clear()
        for value in values {
            let start = buffer.count
            switch value {
            case .null: break
            case .integer(let integer): append(integer)
            case .text(let text): append(text)
            case .bytes(let bytes): buffer.append(contentsOf: bytes)
            case .integers(let integers):
                buffer.append(UInt8(ascii: "{"))
                for (index, integer) in integers.enumerated() {
                    if index > 0 { buffer.append(UInt8(ascii: ",")) }
                    append(integer)
                }
                buffer.append(UInt8(ascii: "}"))
            }
            starts.append(value == .null ? -1 : start)
            lengths.append(CInt(buffer.count - start))
            if case .bytes = value { formats.append(1) } else { formats.append(0) }
            // Text ends with a zero byte.
            buffer.append(0)
        }
    }

    /// Calls with the number of values, their addresses, lengths and formats (0 text, 1 binary).
    func send(
        _ body: (
            CInt, UnsafePointer<UnsafePointer<CChar>?>?, UnsafePointer<CInt>?, UnsafePointer<CInt>?
        ) -> CInt
    ) -> CInt {
        buffer.withUnsafeBytes { bytes in
            let base = bytes.bindMemory(to: CChar.self).baseAddress
            let addresses = starts.map { start in start < 0 ? nil : base.map { $0 + start } }
            return addresses.withUnsafeBufferPointer { addresses in
                body(CInt(addresses.count), addresses.baseAddress, lengths, formats)
            }
        }
    }

    private mutating func append(_ integer: Int64) {
        var rest = integer.magnitude
        if integer < 0 { buffer.append(UInt8(ascii: "-")) }
        let start = buffer.count
        repeat {
            buffer.append(UInt8(ascii: "0") + UInt8(rest % 10))
            rest /= 10
        } while rest > 0
        buffer[start...].reverse()
    }

    /// PostgreSQL's text cannot hold U+0000, which some providers put behind a receipt. The sign for it, U+2400, is
    /// stored instead: refusing the whole would lose the receipt.
    ///
    /// - Parameter escaping: within an array, where `"` and `\` stand behind a backslash.
    private mutating func append(_ text: String, escaping: Bool = false) {
        for byte in text.utf8 {
            switch byte {
            case 0: buffer.append(contentsOf: [0xE2, 0x90, 0x80])
            case UInt8(ascii: "\""), UInt8(ascii: "\\"):
                if escaping { buffer.append(UInt8(ascii: "\\")) }
                buffer.append(byte)
            default: buffer.append(byte)
            }
        }
    }
}

extension GivenRows.Kind {
    var arrayType: String {
        switch self {
        case .integer: "bigint[]"
        case .text: "text[]"
        }
    }
}
