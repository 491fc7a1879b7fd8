import Domain
import Foundation
import Testing

struct DraftTests {
    private func codes(_ work: () throws -> Void) -> [String] {
        do { try work() } catch let list as ProblemList {
            return list.problems.map { "\($0.field) \($0.code.rawValue)" }
        } catch { return ["\(error)"] }
        return []
    }

    @Test(arguments: [
        ("Europe/Vienna", true), ("UTC", true), ("America/Argentina/Buenos_Aires", true), ("", false), ("CET", false),
        ("GMT+1", false), ("+01:00", false), ("Europe/Wien", false), ("../../etc/passwd", false), ("/etc", false),
        ("Europe/Vienna\0", false),
    ])
    func `A zone is one of the time zone database`(_ name: String, _ isKnown: Bool) {
        #expect(codes { _ = try PracticeDraft(name: "P", timeZone: name).validated() }.isEmpty == isKnown)
    }

    @Test(arguments: [("AT", true), ("at", true), ("DE", true), ("XX", false), ("AUT", false), ("", false)])
    func `A country has two letters and a calling code`(_ code: String, _ isKnown: Bool) {
        #expect(codes { _ = try PracticeDraft(name: "P", country: code).validated() }.isEmpty == isKnown)
    }

    @Test func `A sender's faults stand at its field`() {
        #expect(
            codes { _ = try LocationDraft(name: "P", senderID: "Praxis Dr. M\u{FC}ller").validated(country: .austria) }
                == ["senderId sender.special_character", "senderId sender.too_long"]
                || codes {
                    _ = try LocationDraft(name: "P", senderID: "Praxis Dr. M\u{FC}ller").validated(country: .austria)
                } == ["senderId sender.too_long", "senderId sender.special_character"]
        )
    }

    @Test func `Lengths are bounded`() {
        let long = String(repeating: "x", count: 501)
        #expect(
            codes { _ = try LocationDraft(name: long, address: long, closingText: long).validated(country: .austria) }
                == ["name field.too_long", "address field.too_long", "closingText text.too_long"]
        )
        #expect(
            codes { _ = try PatientDraft(lastName: "H", externalID: long).validated(country: .austria) }
                == ["externalId field.too_long"]
        )
        #expect(codes { _ = try PractitionerDraft(name: " ").validated() } == ["name field.required"])
    }

    @Test func `A draft of a record gives the record back`() throws {
        let patient = Patient(
            id: Patient.ID(1),
            practiceID: Practice.ID(1),
            firstName: "Anna",
            lastName: "Huber",
            mobile: MobileNumber(e164: "+436641234500"),
            email: EmailAddress(stored: "a@example.org"),
            reminderKind: .both,
            smsConsent: .given,
            emailConsent: .withdrawn,
            externalID: "P1"
        )
        let fields = try PatientDraft(existing: patient).validated(country: .germany)
        #expect(fields.mobile == patient.mobile && fields.email == patient.email)
        #expect(fields.reminderKind == .both && fields.smsConsent == .given && fields.emailConsent == .withdrawn)
        #expect(fields.externalID == "P1" && fields.lastName == "Huber" && fields.firstName == "Anna")
        let practice = Practice(
            id: Practice.ID(1),
            name: "P",
            timeZone: try #require(TimeZone(identifier: "UTC")),
            country: .germany,
            language: .english,
            smsEnabled: true,
            smsSendTime: .nine,
            sender: SenderID(stored: "Praxis"),
            fallbackSender: SenderID(stored: "00491711234567"),
            smsMonthlyLimit: 300
        )
        let settings = try PracticeDraft(existing: practice).validated()
        #expect(settings.sender == practice.sender && settings.smsSendTime == .nine && settings.country == .germany)
        #expect(settings.fallbackSender == practice.fallbackSender && settings.smsMonthlyLimit == 300)
    }

    @Test func `Empty words are the standard ones, unknown ones are refused`() throws {
        let fields = try PatientDraft(lastName: "H").validated(country: .austria)
        #expect(fields.reminderKind == .none && fields.smsConsent == .unknown && fields.mobile == nil)
        #expect(
            codes { _ = try PatientDraft(lastName: "H", reminderKind: "SMS").validated(country: .austria) }
                == ["reminderKind field.invalid"]
        )
    }
}
