import Domain
import Foundation
import Testing

struct ReminderRulesTests {
    private let now = Date(timeIntervalSince1970: 1_803_892_800)

    private func rules(
        sms: Bool = true,
        email: Bool = true,
        mobile: Bool = true,
        address: Bool = true,
        hours: Double = 100,
        preferred: ReminderKind = .none,
        has kind: ReminderKind? = nil,
        shortfall: [ProblemCode] = [],
        isMoved: Bool = false,
        isForAnother: Bool = false
    ) throws -> ReminderRules {
        let practice = Practice(
            id: Practice.ID(1),
            name: "Praxis",
            timeZone: .gmt,
            country: .austria,
            language: .german,
            smsEnabled: sms,
            emailEnabled: email
        )
        let patient = Patient(
            id: Patient.ID(1),
            practiceID: practice.id,
            firstName: "Anna",
            lastName: "Huber",
            mobile: mobile ? MobileNumber(e164: "+436641234500") : nil,
            email: address ? EmailAddress(stored: "a@example.org") : nil,
            reminderKind: preferred
        )
        let start = now + hours * 3_600
        let old = kind.map { kind in
            Appointment(
                id: Appointment.ID(1),
                practiceID: practice.id,
                patientID: Patient.ID(isForAnother ? 2 : 1),
                locationID: Location.ID(1),
                practitionerID: nil,
                start: isMoved ? start + 86_400 : start,
                end: start + 90_000,
                timeZone: .gmt,
                reminderKind: kind,
                shortfall: shortfall
            )
        }
        return ReminderRules(practice: practice, patient: patient, start: start, now: now, editing: old)
    }

    @Test func `Everything that stands against a channel is told at once`() throws {
        let rules = try rules(sms: false, email: false, mobile: false, address: false, hours: 1)
        #expect(
            rules.obstacles(to: .sms).map(\.code) == [.reminderChannelOff, .reminderNoMobile, .reminderTooLate]
        )
        #expect(
            rules.obstacles(to: .email).map(\.code) == [.reminderChannelOff, .reminderNoEmail, .reminderTooLate]
        )
    }

    @Test(arguments: [(48.0, true), (48.0 - 1.0 / 3_600, false), (49.0, true), (-1.0, false)])
    func `Exactly 48 hours are enough`(_ hours: Double, _ isAllowed: Bool) throws {
        #expect(try rules(hours: hours).obstacles(to: .sms).isEmpty == isAllowed)
    }

    @Test func `Both parts of both must be possible when it is chosen`() throws {
        #expect(throws: ProblemList.self) { try rules(mobile: false).choose(.both).get() }
        #expect(throws: ProblemList.self) { try rules(address: false).choose(.both).get() }
        #expect(try rules().choose(.both).get() == .both)
    }

    @Test func `A channel that is there already is not judged again, and dropping is always allowed`() throws {
        let late = try rules(sms: false, hours: 1, has: .both)
        #expect(try late.choose(.sms).get() == .sms)
        #expect(try late.choose(.none).get() == .none)
        #expect(throws: ProblemList.self) { try rules(sms: false, hours: 1, has: .sms).choose(.both).get() }
        #expect(throws: ProblemList.self) { try rules(hours: 1, has: .both, isMoved: true).choose(.sms).get() }
    }

    @Test func `Another patient must have the number, and nothing else is judged again`() throws {
        let codes = { (rules: ReminderRules) in rules.obstacles(to: .sms).map(\.code) }
        #expect(codes(try rules(sms: false, hours: 1, has: .sms, isForAnother: true)).isEmpty)
        let without = try rules(sms: false, mobile: false, hours: 1, has: .sms, isForAnother: true)
        #expect(codes(without) == [.reminderNoMobile])
        #expect(throws: ProblemList.self) { try without.choose(.sms).get() }
        #expect(codes(try rules(mobile: false, has: .sms)).isEmpty)
    }

    @Test func `Once the start moves, what a rule took away before is wanted again`() throws {
        #expect(try rules(preferred: .sms).wanted == .sms)
        #expect(try rules(preferred: .sms, has: .email).wanted == .email)
        let lost = [ProblemCode.reminderTooLate]
        #expect(try rules(preferred: .sms, has: .email, shortfall: lost).wanted == .email)
        #expect(try rules(preferred: .sms, has: .email, shortfall: lost, isMoved: true).wanted == .both)
        #expect(try rules(preferred: .sms, has: .email, isMoved: true).wanted == .email)
    }

    @Test(arguments: [
        (ReminderKind.both, false, true, ReminderKind.email, [ProblemCode.reminderNoMobile]),
        (.both, true, true, .both, []), (.sms, false, true, .none, [.reminderNoMobile]),
        (.both, false, false, .none, [.reminderNoMobile, .reminderNoEmail]), (.none, false, false, .none, []),
    ])
    func `Of the preferred kind the possible part is taken`(
        _ preferred: ReminderKind,
        _ mobile: Bool,
        _ address: Bool,
        _ kind: ReminderKind,
        _ notices: [ProblemCode]
    ) throws {
        let taken = try rules(mobile: mobile, address: address, preferred: preferred).inherit()
        #expect(taken.kind == kind)
        #expect(taken.notices.map(\.code) == notices)
    }

    @Test func `Too late is told once for both channels`() throws {
        #expect(try rules(hours: 1).remaining(of: .both).notices.map(\.code) == [.reminderTooLate])
    }

    @Test func `A kind is its channels`() {
        for kind in ReminderKind.allCases { #expect(ReminderKind(kind.channels) == kind) }
    }
}
