import Domain
import Foundation
import Testing

@testable import Channels

/// The calendar entry as the patient's program reads it.
@Suite(.timeLimit(.minutes(5))) struct MailCalendarTests {
    private static func event(_ entry: CalendarEntry) async throws -> [String: String] {
        let mail = try await ReadMail.read(.sample(calendar: entry))
        #expect(mail.faults == [] && mail.defects == [])
        #expect(mail.parts.last?.method == entry.method.rawValue)
        return try #require(mail.event)
    }

    @Test func aRequestEntersTheAppointmentAsAccepted() async throws {
        let event = try await Self.event(.sample())
        let expected = [
            "METHOD": "REQUEST", "VERSION": "2.0", "PRODID": "-//Vortag//Vortag//EN", "UID": "7.word@vortag",
            "SEQUENCE": "1", "DTSTAMP": "20270301T060005Z", "DTSTART": "20270302T093000Z", "DTEND": "20270302T100000Z",
            "SUMMARY": "Termin: Praxis Huber", "LOCATION": "Praxis am Ring, Ring 1, 1010 Wien", "STATUS": "CONFIRMED",
            "CLASS": "PRIVATE", "TRANSP": "OPAQUE", "ORGANIZER": "mailto:praxis@example.at",
            "ORGANIZER;CN": "Praxis Huber, Dr. med.", "ATTENDEE": "mailto:anna@example.org",
            "ATTENDEE;CN": "Anna Huber", "ATTENDEE;PARTSTAT": "ACCEPTED", "ATTENDEE;RSVP": "FALSE",
            "ATTENDEE;ROLE": "REQ-PARTICIPANT", "ATTENDEE;CUTYPE": "INDIVIDUAL",
            // No alarm, no zone: nothing beside the entry.
            "components": "VCALENDAR,VEVENT", "errors": "[]",
        ]
        for (name, value) in expected { #expect(event[name] == value) }
    }

    @Test func aCancellationTakesTheSameEntryOutAgain() async throws {
        let event = try await Self.event(.sample(method: .cancel, sequence: 3))
        #expect(event["METHOD"] == "CANCEL" && event["STATUS"] == "CANCELLED")
        #expect(event["UID"] == "7.word@vortag" && event["SEQUENCE"] == "3")
        #expect(event["ORGANIZER"] == "mailto:praxis@example.at" && event["ATTENDEE"] == "mailto:anna@example.org")
    }

    @Test(arguments: [
        ("2027-03-28T00:59:59Z", "20270328T005959Z"), ("2027-03-28T01:00:00Z", "20270328T010000Z"),
        ("2027-10-31T00:30:00Z", "20271031T003000Z"), ("2027-10-31T01:30:00Z", "20271031T013000Z"),
        ("2028-02-29T23:59:59Z", "20280229T235959Z"), ("2039-01-01T00:00:00Z", "20390101T000000Z"),
    ])
    func timesAreInUTCAcrossAChangeOfTheClocks(_ instant: String, _ written: String) async throws {
        let start = try Date(instant, strategy: .iso8601)
        let event = try await Self.event(.sample(start: start, end: start.addingTimeInterval(3600)))
        #expect(event["DTSTART"] == written)
    }

    @Test(
        arguments: [
            ("Zähne; \"Öl\", \\n und 🦷", nil),
            ("Praxis\r\nATTENDEE:mailto:x@evil.example", "Praxis, ATTENDEE:mailto:x@evil.example"),
            ("Ring 1\n1010 Wien\n", "Ring 1, 1010 Wien"), (String(repeating: "Längere Namen, ", count: 40) + "x", nil),
            (String(repeating: "🦷", count: 100), nil), ("a\u{0}b\tc", "a b c"),
        ] as [(String, String?)]
    )
    func whatStandsInItIsEscapedAndFolded(_ text: String, _ read: String?) async throws {
        let event = try await Self.event(.sample(summary: text, place: text))
        #expect(event["SUMMARY"] == read ?? text && event["LOCATION"] == read ?? text)
        #expect(event["components"] == "VCALENDAR,VEVENT" && event["errors"] == "[]")
        #expect(Int(event["longest"] ?? "") ?? 999 <= 75)
    }

    @Test func withoutAPlaceThereIsNone() async throws {
        #expect(try await Self.event(.sample(place: ""))["LOCATION"] == nil)
    }

    @Test func aSequenceBeyondTheFormatStaysAtItsEnd() async throws {
        #expect(try await Self.event(.sample(sequence: 5_000_000_000))["SEQUENCE"] == "2147483647")
    }

    @Test func withoutAnAppointmentThereAreTwoAlternatives() async throws {
        let mail = try await ReadMail.read(.sample(calendar: nil, tells: nil))
        #expect(mail.parts.map(\.type) == ["text/plain", "text/html"] && mail.faults == [])
    }
}
