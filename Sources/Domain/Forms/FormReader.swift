// Raw input of every way in (pages, interface, import, command line), and its pure validation into checked fields.
// One draft a record; all broken rules are reported at once, each tied to the field of the interface's spelling.
// No table, no screen text, no decision about reminders.

import Foundation

/// Collects the broken rules of one form while its fields are read.
public struct FormReader: Sendable {
    public private(set) var problems: [FieldProblem] = []

    public init() {}

    public mutating func add(_ problem: FieldProblem) { problems.append(problem) }

    public mutating func add(_ list: ProblemList) { problems += list.problems }

    /// The value, or nil and a problem more.
    mutating func take<Value>(_ result: Result<Value, FieldProblem>) -> Value? {
        switch result {
        case .success(let value): return value
        case .failure(let problem): problems.append(problem)
        }
        return nil
    }

    /// The value, or nil and some problems more.
    mutating func take<Value>(_ result: Result<Value, ProblemList>) -> Value? {
        switch result {
        case .success(let value): return value
        case .failure(let list): problems += list.problems
        }
        return nil
    }

    /// A trimmed text of at most so many characters.
    public mutating func text(_ raw: String, _ field: String, limit: Int = 200, required: Bool = false) -> String {
        let text = raw.trimmingWhitespace()
        if text.isEmpty, required { add(FieldProblem(field, .fieldRequired)) }
        if text.count > limit { add(FieldProblem(field, .fieldTooLong, ["maximum": String(limit)])) }
        // A NUL ends a text early in one database and is refused by the other.
        if text.unicodeScalars.contains("\0") { add(FieldProblem(field, .fieldInvalid)) }
        return text
    }

    /// As `text`, on one line: line breaks and tabs, as pasted texts and exported tables bring them along, are blanks.
    public mutating func line(_ raw: String, _ field: String, limit: Int = 200, required: Bool = false) -> String {
        let pieces = raw.split { $0.isNewline || $0 == "\t" }.map { String($0).trimmingWhitespace() }
        let line = pieces.filter { !$0.isEmpty }.joined(separator: " ")
        _ = text(line, field, limit: limit, required: required)
        let hasControls = line.unicodeScalars.contains { $0 != "\0" && $0.properties.generalCategory == .control }
        if hasControls { add(FieldProblem(field, .fieldInvalid)) }
        return line
    }

    /// As `text`, but nil where nothing stands.
    public mutating func optionalText(_ raw: String, _ field: String, limit: Int = 200) -> String? {
        let text = text(raw, field, limit: limit)
        return text.isEmpty ? nil : text
    }

    /// One word of an enumeration; `standard` where nothing stands.
    public mutating func word<Word: RawRepresentable<String>>(
        _ raw: String,
        _ field: String,
        standard: Word? = nil
    ) -> Word? {
        let text = raw.trimmingWhitespace()
        if text.isEmpty {
            if standard == nil { add(FieldProblem(field, .fieldRequired)) }
            return standard
        }
        guard let word = Word(rawValue: text) else {
            add(FieldProblem(field, .fieldInvalid))
            return nil
        }
        return word
    }

    /// A zone of the time zone database by its name, `Europe/Vienna` or `UTC`; no abbreviation, no bare offset.
    mutating func zone(_ raw: String, _ field: String) -> TimeZone? {
        let name = raw.trimmingWhitespace()
        let isName = name.utf8.allSatisfy { byte in
            switch byte {
            case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                UInt8(ascii: "0")...UInt8(ascii: "9"):
                true
            default: "/_-+".utf8.contains(byte)
            }
        }
        guard isName, name.utf8.dropFirst().contains(UInt8(ascii: "/")) || ["UTC", "GMT"].contains(name),
            let zone = TimeZone(identifier: name)
        else {
            add(FieldProblem(field, name.isEmpty ? .fieldRequired : .fieldInvalid))
            return nil
        }
        return zone
    }

    /// A mobile number, or nil where nothing stands.
    mutating func mobile(_ raw: String, _ field: String, _ country: Country) -> MobileNumber? {
        if raw.trimmingWhitespace().isEmpty { return nil }
        return take(MobileNumber.parse(raw, country: country, field: field))
    }

    /// An e-mail address, or nil where nothing stands.
    mutating func email(_ raw: String, _ field: String = "email") -> EmailAddress? {
        if raw.trimmingWhitespace().isEmpty { return nil }
        return take(EmailAddress.parse(raw, field: field))
    }

    /// A sender, or nil where nothing stands. A name that networks of the country refuse is not taken, except where it
    /// stands already: who changes something else is not stopped by a rule that came later.
    mutating func sender(_ raw: String, country: Country?, keeping kept: SenderID? = nil) -> SenderID? {
        guard !raw.trimmingWhitespace().isEmpty, let country,
            let sender = take(SenderID.check(raw, country: country, field: "senderId"))
        else { return nil }
        if sender != kept, GenericName.weight(sender) == .refused, SenderRules.refuseGenericNames(in: country) {
            add(FieldProblem("senderId", .senderGeneric))
        }
        return sender
    }

    /// A number as a sender, or nil where nothing stands.
    mutating func numericSender(_ raw: String, _ field: String, country: Country?) -> SenderID? {
        let text = raw.trimmingWhitespace()
        guard !text.isEmpty, let country else { return nil }
        guard NumericSender.isMeant(by: text) else {
            add(FieldProblem(field, .senderNotNumeric))
            return nil
        }
        return take(SenderID.check(text, country: country, field: field))
    }

    /// A day of the calendar as `2026-10-01`, or nil where nothing stands.
    mutating func day(_ raw: String, _ field: String) -> LocalDate? {
        let text = raw.trimmingWhitespace()
        if text.isEmpty { return nil }
        let day = LocalDate(iso: text)
        if day == nil { add(FieldProblem(field, .fieldInvalid)) }
        return day
    }

    /// A whole number, or nil where nothing stands. Spaces may group its digits.
    mutating func number(_ raw: String, _ field: String, in range: ClosedRange<Int>) -> Int? {
        let digits = raw.filter { !$0.isWhitespace }
        if digits.isEmpty { return nil }
        guard digits.utf8.allSatisfy(Digits.isDigit), let number = Int(digits), range.contains(number) else {
            add(FieldProblem(field, .fieldInvalid))
            return nil
        }
        return number
    }

    /// The texts of e-mails; nil where nothing stands.
    mutating func mailTexts(subject: String, body: String) -> MailTexts {
        MailTexts(
            subject: subject.trimmingWhitespace().isEmpty
                ? nil : take(MailTemplate.parse(subject, as: .subject, field: "emailSubject")),
            body: body.trimmingWhitespace().isEmpty
                ? nil : take(MailTemplate.parse(body, as: .body, field: "emailBody"))
        )
    }

    /// - Throws: what was collected, if anything was.
    public func check() throws(ProblemList) {
        if !problems.isEmpty { throw ProblemList(problems) }
    }

    /// The fields, unless something is wrong with one of them.
    func finish<Fields>(_ fields: Fields?) throws(ProblemList) -> Fields {
        guard problems.isEmpty, let fields else { throw ProblemList(problems) }
        return fields
    }
}
