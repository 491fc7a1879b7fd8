import Database
import Domain
import Foundation
import Storage
import Testing

/// What a question tells of the messages that went out and of the correction, and who is to be called where it cannot leave.
struct OutlookTests {
    /// An appointment on 8 March whose reminder left on the 7th at 07:00; it is 09:00 that day.
    private struct House {
        let world: World
        let appointment: Appointment
        let later: Date
        let message: Message.ID

        init(start: String = "2027-03-08T10:30") async throws {
            world = try await World()
            _ = try await world.storage.providers.add(ProviderDraft(name: "p", kind: "simulator"), now: world.now)
            appointment = try await world.book(try await world.patient(), start: start).appointment
            let at = try world.instant("2027-03-07T07:00:00+01:00")
            let reminder = try #require(try await world.standings(appointment).first).reminder
            message = try await world.attempt(reminder, at: at, outcome: "accepted", says: start)
            later = at + 7_200
        }

        func late(now: Date? = nil) async throws -> LateChange {
            try #require(
                try await world.storage.appointments.lateChange(
                    of: appointment.id,
                    world.practice.id,
                    now: now ?? later
                )
            )
        }

        func patient(_ edit: @escaping @Sendable (inout PatientDraft) -> Void) async throws {
            _ = try await world.storage.patients.change(
                appointment.patientID,
                world.practice.id,
                by: .command,
                now: world.now,
                edit: edit
            )
        }

        func practice(_ edit: @escaping @Sendable (inout PracticeDraft) -> Void) async throws {
            _ = try await world.storage.practices.change(world.practice.id, now: world.now, edit: edit)
        }

        func prevent(_ reason: SkipReason) async throws {
            switch reason {
            case .consentWithdrawn: try await patient { $0.smsConsent = "withdrawn" }
            case .noMobile: try await patient { $0.mobile = "" }
            case .channelOff: try await practice { $0.smsEnabled = false }
            case .practicePaused: try await run("UPDATE practices SET paused = 1")
            default: try await run("UPDATE providers SET enabled = 0")
            }
        }

        /// Writes what somebody else would.
        func run(_ sql: String) async throws {
            _ = try await world.driver.write { try $0.execute(sql) }
        }

        func calls(_ now: Date) async throws -> [MissedReminder.Cause] {
            try await world.storage.calls.list(world.practice.id, now: now).map(\.missed.cause)
        }
    }

    private static let correct = LateChangeAnswer.acknowledged(sendCorrection: true)

    @Test func `It says how each message went and what the correction reads`() async throws {
        let house = try await House()
        let at = Int64(house.later.timeIntervalSince1970 * 1_000)
        try await house.run("UPDATE messages SET status = 'delivered', delivered_at = \(at)")
        let told = try #require(try await house.late().messages.first)
        #expect(told.news == .reminder && told.patient == house.appointment.patientID)
        #expect(told.state == Message.State(status: .delivered) && told.deliveredAt == house.later)
        #expect(told.correction == .ready("Terminabsage: Der Termin am 08.03.2027, 10:30 entf\u{E4}llt."))
    }

    @Test(arguments: [SkipReason.consentWithdrawn, .noMobile, .channelOff, .practicePaused, .noProvider])
    func `A correction that cannot leave is told before, noted after, and somebody is to call`(_ reason: SkipReason)
        async throws
    {
        let house = try await House()
        try await house.prevent(reason)
        #expect(try await house.late().messages.map(\.correction) == [.held(reason)])
        let outcome = try await house.world.change(house.appointment, answer: Self.correct, now: house.later) {
            $0.status = "cancelled"
        }
        #expect(
            outcome.uncorrected == [
                FieldProblem("sendCorrection", .correctionNotSent, ["channel": "sms", "reason": reason.rawValue])
            ]
        )
        #expect(try await house.calls(house.later + 60) == [.notSent(reason)])
        #expect(try await house.calls(house.appointment.start).isEmpty)
    }

    @Test func `Where the engine gave the correction up, somebody is to call`() async throws {
        let house = try await House()
        _ = try await house.world.change(house.appointment, answer: Self.correct, now: house.later) {
            $0.status = "cancelled"
        }
        #expect(try await house.calls(house.later + 60).isEmpty)
        try await house.run(
            "UPDATE reminders SET state = 'skipped', reason = 'consent_withdrawn' WHERE purpose = 'correction'"
        )
        #expect(try await house.calls(house.later + 60) == [.notSent(.consentWithdrawn)])
    }

    @Test(arguments: ["2027-03-25T10:30", "2027-03-07T12:00"])
    func `However far it was moved, the call counts until the start that the patient was told`(_ start: String)
        async throws
    {
        let house = try await House()
        try await house.prevent(.consentWithdrawn)
        _ = try await house.world.change(house.appointment, answer: Self.correct, now: house.later) {
            $0.start = start
        }
        #expect(try await house.calls(house.appointment.start - 60) == [.notSent(.consentWithdrawn)])
    }

    @Test func `At night a correction about the early morning comes too late`() async throws {
        let house = try await House(start: "2027-03-08T06:30")
        let night = try house.world.instant("2027-03-07T22:00:00+01:00")
        #expect(try await house.late(now: night).messages.map(\.correction) == [.held(.tooLateToSend)])
    }

    @Test func `Who was told how it is after the change needs no correction`() async throws {
        let house = try await House()
        _ = try await house.world.change(
            house.appointment,
            answer: .acknowledged(sendCorrection: false),
            now: house.later
        ) { $0.start = "2027-03-08T15:00" }
        let late = await #expect(throws: LateChange.self) {
            _ = try await house.world.change(house.appointment, now: house.later) { $0.start = "2027-03-08T10:30" }
        }
        #expect(late?.messages.map(\.correction) == [.needless])
    }
}
