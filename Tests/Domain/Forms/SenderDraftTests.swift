import Domain
import Foundation
import Testing

/// What forms say about senders, their registration and the monthly limit.
struct SenderDraftTests {
    private func codes(_ work: () throws -> Void) -> [String] {
        do { try work() } catch let list as ProblemList {
            return list.problems.map { "\($0.field) \($0.code.rawValue)" }
        } catch { return ["\(error)"] }
        return []
    }

    private func practice(_ country: Country, sender: String) throws -> Practice {
        Practice(
            id: Practice.ID(1),
            name: "P",
            timeZone: try #require(TimeZone(identifier: "Europe/Berlin")),
            country: country,
            language: .german,
            sender: SenderID(stored: sender)
        )
    }

    @Test(arguments: [("DE", "INFO", true), ("DE", "Sms", true), ("DE", "Reminder", false), ("AT", "INFO", false)])
    func `A name that tells nothing is refused where the practice's networks refuse it`(
        _ country: String,
        _ name: String,
        _ isRefused: Bool
    ) {
        let expected = isRefused ? ["senderId sender.generic"] : []
        #expect(codes { _ = try PracticeDraft(name: "P", country: country, senderID: name).validated() } == expected)
        let place = LocationDraft(name: "L", senderID: name)
        #expect(codes { _ = try place.validated(country: country == "DE" ? .germany : .austria) } == expected)
    }

    @Test func `A name that stands already does not stop another change, a new country does`() throws {
        let german = try practice(.germany, sender: "INFO")
        var draft = PracticeDraft(existing: german)
        draft.smsSendTime = "08:00"
        #expect(codes { _ = try draft.validated(replacing: german) }.isEmpty)
        let austrian = try practice(.austria, sender: "INFO")
        draft = PracticeDraft(existing: austrian)
        draft.country = "DE"
        #expect(codes { _ = try draft.validated(replacing: austrian) } == ["senderId sender.generic"])
        let place = LocationDraft(name: "L", senderID: "INFO")
        #expect(codes { _ = try place.validated(country: .germany, keeping: SenderID(stored: "INFO")) }.isEmpty)
    }

    @Test(arguments: [
        ("", []), ("00436761234567", []), ("Praxis", ["sender.not_numeric"]),
        ("Präxis am Park", ["sender.not_numeric"]),
        ("06761234567", ["sender.country_code_missing"]), ("+436761234567", ["sender.not_international"]),
    ])
    func `Only an international number stands in for a name`(_ raw: String, _ expected: [String]) {
        let found = expected.map { "fallbackSenderId " + $0 }
        #expect(codes { _ = try PracticeDraft(name: "P", fallbackSenderID: raw).validated() } == found)
        let place = LocationDraft(name: "L", fallbackSenderID: raw)
        #expect(codes { _ = try place.validated(country: .austria) } == found)
    }

    @Test(arguments: [
        ("", nil as Int?, true), ("1", 1, true), ("1000000", 1_000_000, true), (" 12 500 ", 12_500, true),
        ("1\u{202F}000", 1_000, true), ("0", nil, false), ("1000001", nil, false), ("-5", nil, false),
        ("1.5", nil, false),
        ("viel", nil, false), ("99999999999999999999", nil, false),
    ])
    func `A monthly limit is a whole number or nothing`(_ raw: String, _ limit: Int?, _ isTaken: Bool) {
        let draft = PracticeDraft(name: "P", smsMonthlyLimit: raw)
        #expect(codes { _ = try draft.validated() } == (isTaken ? [] : ["smsMonthlyLimit field.invalid"]))
        if isTaken { #expect((try? draft.validated())?.smsMonthlyLimit == limit) }
    }

    @Test(arguments: [
        ("", []), ("2026-09-04", []), ("04.09.2026", ["field.invalid"]), ("2026-09-31", ["field.invalid"]),
    ])
    func `The day of a registration is one of the calendar`(_ raw: String, _ expected: [String]) throws {
        let place = LocationDraft(name: "L", senderID: "Praxis", senderRegistered: true, senderRegisteredOn: raw)
        #expect(codes { _ = try place.validated(country: .austria) } == expected.map { "senderRegisteredOn " + $0 })
        if expected.isEmpty { #expect(try place.validated(country: .austria).senderRegisteredOn?.iso ?? "" == raw) }
    }

    @Test func `A day without a registration is dropped`() throws {
        let place = LocationDraft(name: "L", senderRegistered: false, senderRegisteredOn: "2026-09-04")
        #expect(try place.validated(country: .austria).senderRegisteredOn == nil)
    }

    /// The place's own sender before and after, and whether the registration of before still holds.
    @Test(arguments: [
        ("Praxis", "Praxis", true), ("Praxis", " Praxis ", true), ("Praxis", "praxis", false), ("Praxis", "", false),
        ("Ordination", "", true), ("", "Ordination", true), ("", "Praxis", false), ("Praxis", "00436761234567", false),
    ])
    func `A registration does not go over to another sender`(_ before: String, _ after: String, _ holds: Bool) throws {
        let old = Location(
            id: Location.ID(1),
            practiceID: Practice.ID(1),
            name: "L",
            sender: SenderID(stored: before),
            senderRegistered: true,
            senderRegisteredOn: LocalDate(iso: "2026-09-04")
        )
        var draft = LocationDraft(existing: old)
        draft.senderID = after
        draft.forgetRegistration(of: old, try practice(.austria, sender: "Ordination"))
        #expect(draft.senderRegistered == holds && draft.senderRegisteredOn == (holds ? "2026-09-04" : ""))
        draft = LocationDraft(existing: old)
        draft.senderID = after
        draft.saysRegistration = true
        draft.forgetRegistration(of: old, try practice(.austria, sender: "Ordination"))
        #expect(draft.senderRegistered)
    }
}
