import CLibPQ

/// Reads what a statement gave, in text format.
enum PostgreSQLResult {
    /// What a column holds, told by the type's OID (pg_type.dat, fixed since they were given).
    private enum Kind {
        case integer, truth, bytes, text

        init(_ type: Oid) {
            switch type {
            // int8, int2, int4, oid, numeric (as of SUM over bigint)
            case 20, 21, 23, 26, 1700: self = .integer
            case 16: self = .truth
            case 17: self = .bytes
            default: self = .text
            }
        }
    }

    static func read(_ result: OpaquePointer) -> SQLResult {
        var answer = SQLResult()
        let columns = PQnfields(result)
        let count = PQntuples(result)
        if count > 0 {
            let kinds = (0..<columns).map { Kind(PQftype(result, $0)) }
            answer.rows.reserveCapacity(Int(count))
            for row in 0..<count {
                answer.rows.append(SQLRow((0..<columns).map { value(result, row, $0, kinds[Int($0)]) }))
            }
        }
        if let status = PQcmdStatus(result), !isSelect(status), let changed = PQcmdTuples(result) {
            answer.changed = Int(String(cString: changed)) ?? 0
        }
        return answer
    }

    private static func isSelect(_ status: UnsafePointer<CChar>) -> Bool {
        status[0] == CChar(bitPattern: UInt8(ascii: "S"))
    }

    private static func value(_ result: OpaquePointer, _ row: CInt, _ column: CInt, _ kind: Kind) -> SQLValue {
        guard PQgetisnull(result, row, column) == 0, let start = PQgetvalue(result, row, column) else { return .null }
        let text = UnsafeRawBufferPointer(start: start, count: Int(PQgetlength(result, row, column)))
        switch kind {
        case .integer: return integer(text).map { .integer($0) } ?? .text(String(decoding: text, as: UTF8.self))
        case .truth: return .integer(text.first == UInt8(ascii: "t") ? 1 : 0)
        case .bytes: return .bytes(bytes(text))
        case .text: return .text(String(decoding: text, as: UTF8.self))
        }
    }

    /// Decimal digits with an optional sign; a fraction is cut off. nil where the number is too large.
    private static func integer(_ text: UnsafeRawBufferPointer) -> Int64? {
        let isNegative = text.first == UInt8(ascii: "-")
        var value: Int64 = 0
        for byte in text.dropFirst(isNegative ? 1 : 0) {
            if byte == UInt8(ascii: ".") { break }
            guard (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) else { return nil }
            let digit = Int64(byte - UInt8(ascii: "0"))
            let (tens, isTooLarge) = value.multipliedReportingOverflow(by: 10)
            let (sum, isOver) = tens.addingReportingOverflow(isNegative ? -digit : digit)
            guard !isTooLarge, !isOver else { return nil }
            value = sum
        }
        return value
    }

    /// `\x` and two digits a byte (PostgreSQL 15 manual, 8.4.1).
    private static func bytes(_ text: UnsafeRawBufferPointer) -> [UInt8] {
        let digits = text.dropFirst(2)
        return stride(from: digits.startIndex, to: digits.endIndex - 1, by: 2).map { index in
            nibble(digits[index]) << 4 | nibble(digits[index + 1])
        }
    }

    private static func nibble(_ digit: UInt8) -> UInt8 {
        digit <= UInt8(ascii: "9") ? digit - UInt8(ascii: "0") : digit - UInt8(ascii: "a") + 10
    }
}
