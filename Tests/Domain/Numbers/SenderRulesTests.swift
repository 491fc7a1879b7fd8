import Foundation
import Testing

@testable import Domain

@Suite("Rules of countries about senders")
struct SenderRulesTests {
    private static let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent().deletingLastPathComponent()

    /// A row with a misspelt country or date would be missing.
    @Test func `Every row is one`() {
        #expect(SenderRules.all.count == SenderRules.rows.count && !SenderRules.all.isEmpty)
        #expect(
            SenderRule("AT", "+43", .alphanumeric, .nothing, from: "2026-10-00", source: "", checked: "2026-01-01")
                == nil
        )
        #expect(SenderRule("at", "+43", .alphanumeric, .nothing, source: "", checked: "2026-01-01") == nil)
    }

    /// What follows a shared calling code would have to be read too.
    @Test(arguments: SenderRules.all)
    func `A rule's prefix is its country's calling code, shared with none`(_ rule: SenderRule) throws {
        let code = try #require(rule.country.callingCode)
        #expect(rule.prefix == "+\(code)")
        #expect(![1, 7, 39, 44, 47, 61, 212, 262, 358, 590, 599].contains(code))
    }

    @Test(arguments: SenderRules.all)
    func `A rule names where it was read, and the document tells the same`(_ rule: SenderRule) throws {
        let document = try String(
            contentsOf: Self.root.appendingPathComponent("docs/providers/senders.md"),
            encoding: .utf8
        )
        let row = try #require(
            document.split(separator: "\n").first {
                $0.hasPrefix("| \(rule.country.rawValue) | \(rule.kind.rawValue) |")
            },
            "no row for \(rule.country.rawValue), \(rule.kind.rawValue)"
        )
        #expect(row.contains(rule.from?.iso ?? "–") && row.contains(rule.checked.iso) && row.contains(rule.source))
        #expect(row.contains(rule.registry ?? "|"))
    }

    @Test(arguments: [
        ("+436641234500", SenderID.Kind.alphanumeric, "2026-09-30T23:59:59Z", false),
        ("+436641234500", .alphanumeric, "2026-10-01T00:00:00Z", true),
        ("+436641234500", .international, "2026-10-01T00:00:00Z", false),
        ("+4917012345678", .alphanumeric, "2026-10-01T00:00:00Z", false),
        ("+41791234567", .alphanumeric, "2027-10-01T00:00:00Z", false),
        ("+33612345678", .alphanumeric, "2027-10-01T00:00:00Z", false),
    ])
    func `Austrian numbers demand a registered name since October 2026`(
        _ number: String,
        _ kind: SenderID.Kind,
        _ moment: String,
        _ expected: Bool
    ) throws {
        let recipient = try #require(MobileNumber(e164: number))
        let now = try #require(RFC3339.parse(moment)).instant
        #expect(SenderRules.demandRegistry(of: kind, to: recipient, at: now) == expected)
    }

    @Test(arguments: [
        ("INFO", GenericName.Weight.refused as GenericName.Weight?), ("Info", .refused), ("s m s", .refused),
        ("Reminder", .doubtful), ("NoReply", .doubtful), ("PraxisHuber", nil), ("Infopraxis", nil),
        ("00436761234567", nil),
    ])
    func `A name that tells nothing is known in any case`(_ name: String, _ weight: GenericName.Weight?) throws {
        #expect(GenericName.weight(try #require(SenderID(stored: name))) == weight)
    }

    @Test(arguments: [(Country.germany, true), (.austria, false)])
    func `Germany's networks refuse such names`(_ country: Country, _ expected: Bool) {
        #expect(SenderRules.refuseGenericNames(in: country) == expected)
    }
}

@Suite("The sender of a location")
struct LocationSenderTests {
    private let name = SenderID(stored: "Praxis")
    private let number = SenderID(stored: "00436761234567")
    private let now = Date(timeIntervalSince1970: 1_804_744_800)

    private func practice(sender: String?, fallback: String? = nil) throws -> Practice {
        Practice(
            id: Practice.ID(1),
            name: "P",
            timeZone: try #require(TimeZone(identifier: "Europe/Vienna")),
            country: .austria,
            language: .german,
            sender: sender.flatMap(SenderID.init(stored:)),
            fallbackSender: fallback.flatMap(SenderID.init(stored:))
        )
    }

    struct Row: Sendable, CustomTestStringConvertible {
        let own, practices: String?
        let registered: Bool
        let day: String?
        let recipients: Set<Country>
        let expected: SenderRegistration

        init(
            _ own: String?,
            _ practices: String?,
            _ registered: Bool,
            _ day: String?,
            _ recipients: Set<Country>,
            _ expected: SenderRegistration
        ) {
            (self.own, self.practices, self.registered, self.day) = (own, practices, registered, day)
            (self.recipients, self.expected) = (recipients, expected)
        }

        var testDescription: String { "\(own ?? "–"), \(practices ?? "–"), \(registered), \(day ?? "–"): \(expected)" }
    }

    @Test(arguments: [
        Row("Praxis", nil, false, nil, [.austria], .required),
        Row(nil, "Ordination", false, nil, [.austria], .required),
        Row(nil, "Ordination", true, nil, [.austria], .registered),
        Row("Praxis", nil, true, "2026-09-04", [.austria], .registered),
        Row("Praxis", nil, true, "2027-03-12", [.austria], .required),
        Row("00436761234567", "Ordination", false, nil, [.austria], .notNeeded),
        Row(nil, nil, true, nil, [.austria], .notNeeded), Row("Praxis", nil, false, nil, [.germany], .notNeeded),
        Row("Praxis", nil, true, nil, [.germany], .notNeeded),
        Row("Praxis", nil, false, nil, [.germany, .austria], .required),
    ])
    func `Its registration follows from sender, recipients and day`(_ row: Row) throws {
        let location = Location(
            id: Location.ID(1),
            practiceID: Practice.ID(1),
            name: "L",
            sender: row.own.flatMap(SenderID.init(stored:)),
            senderRegistered: row.registered,
            senderRegisteredOn: row.day.flatMap { LocalDate(iso: $0) }
        )
        let sender = LocationSender(location, try practice(sender: row.practices))
        #expect(sender.registration(for: row.recipients, at: now) == row.expected)
    }

    @Test func `Before the rule begins nothing is needed`() throws {
        let before = try #require(RFC3339.parse("2026-09-30T10:00:00Z")).instant
        #expect(LocationSender(name).registration(for: [.austria], at: before) == .notNeeded)
        #expect(LocationSender(name, fallback: number).sender(to: try mobile("+436641234500"), at: before) == name)
    }

    private func mobile(_ e164: String) throws -> MobileNumber { try #require(MobileNumber(e164: e164)) }

    @Test func `The number stands in only where a network would block the name`() throws {
        let open = LocationSender(name, fallback: number)
        #expect(open.sender(to: try mobile("+436641234500"), at: now) == number)
        #expect(open.sender(to: try mobile("+4917012345678"), at: now) == name)
        #expect(LocationSender(name).sender(to: try mobile("+436641234500"), at: now) == name)
        let other = SenderID(stored: "00431234567")
        #expect(LocationSender(other, fallback: number).sender(to: try mobile("+436641234500"), at: now) == other)
        #expect(LocationSender(nil, fallback: number).sender(to: try mobile("+436641234500"), at: now) == nil)
    }

    @Test func `Once the name is registered it goes out, from its day on`() throws {
        let registered = LocationSender(name, fallback: number, registeredSince: .distantPast)
        #expect(registered.sender(to: try mobile("+436641234500"), at: now) == name)
        let later = LocationSender(name, fallback: number, registeredSince: now + 1)
        #expect(later.sender(to: try mobile("+436641234500"), at: now) == number)
        #expect(later.sender(to: try mobile("+436641234500"), at: now + 1) == name)
    }

    @Test func `A location's own number stands in before the practice's`() throws {
        let practice = try practice(sender: "Ordination", fallback: "00436761234567")
        var location = Location(id: Location.ID(1), practiceID: Practice.ID(1), name: "L")
        #expect(LocationSender(location, practice).fallback == number)
        location.fallbackSender = SenderID(stored: "00431234567")
        #expect(LocationSender(location, practice).fallback?.value == "00431234567")
    }
}
