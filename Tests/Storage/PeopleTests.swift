import Database
import Domain
import Foundation
import Testing

@testable import Storage

struct PeopleTests {
    @Test(arguments: [
        ("mueller", 1), ("Müller", 1), ("MÜLL ann", 1), ("muller", 1), ("huss", 1), ("Huß", 1), ("0664 12", 1),
        ("+43664", 1), ("0043 664", 1), ("436641234500", 1), ("0676", 0), ("%", 0), ("_", 0), ("a%a", 1), ("", 1),
        ("Müller-Huß Anna", 1), ("Anna Maier", 0),
    ])
    func `Patients are found by name and number however they are typed`(_ query: String, _ count: Int) async throws {
        let world = try await World()
        _ = try await world.patient("Müller-Huß")
        let page = try await world.storage.patients.list(world.practice.id, PatientFilter(search: query))
        #expect(page.items.count == count)
    }

    @Test func `Lists are newest first and follow each other`() async throws {
        let world = try await World()
        for name in ["A", "B", "C"] { _ = try await world.patient(name) }
        let first = try await world.storage.patients.list(world.practice.id, PatientFilter(), PageRequest(limit: 2))
        #expect(first.items.map(\.lastName) == ["C", "B"])
        let second = try await world.storage.patients.list(
            world.practice.id,
            PatientFilter(),
            PageRequest(limit: 2, cursor: first.next)
        )
        #expect(second.items.map(\.lastName) == ["A"])
        #expect(second.next == nil)
    }

    @Test func `Master data are checked as a whole`() async throws {
        let world = try await World()
        let found = try await codes {
            _ = try await world.patient("", mobile: "01 5131234", email: "nobody", kind: "fax") {
                $0.smsConsent = "maybe"
            }
        }
        #expect(
            found == [
                "lastName field.required", "mobile mobile.landline", "email email.invalid",
                "reminderKind field.invalid", "smsConsent field.invalid",
            ]
        )
    }

    @Test func `What a deletion cancels is told before, with what the patient may have been told`() async throws {
        let world = try await World()
        let patient = try await world.patient()
        let sent = try await world.book(patient, start: "2027-03-04T10:30").appointment
        let planned = try await world.book(patient).appointment
        let gone = try await world.book(patient, start: "2027-03-09T10:30").appointment
        _ = try await world.storage.appointments.cancel(gone.id, world.practice.id, now: world.now)
        let reminder = try #require(try await world.standings(sent).first).reminder
        try await world.attempt(reminder, at: world.now, outcome: "accepted")
        let patients = world.storage.patients
        let deletion = try await patients.deletion(of: patient.id, world.practice.id, now: world.now)
        let ended = deletion.ended
        #expect(ended.map(\.appointment.id) == [sent.id, planned.id])
        #expect(ended.map { $0.late?.brief } == [Warned(sentAt: world.now, channels: [.sms]), nil])
        let late = await #expect(throws: LateChange.self) {
            try await patients.delete(patient.id, world.practice.id, knowing: .nothing, now: world.now)
        }
        #expect(late == deletion.late)
    }

    @Test func `What was announced and is not so any more is asked about again`() async throws {
        let world = try await World()
        let (patients, practice) = (world.storage.patients, world.practice.id)
        let patient = try await world.patient()
        let appointment = try await world.book(patient, start: "2027-03-04T10:30").appointment
        let first = try await patients.deletion(of: patient.id, practice, now: world.now).mark
        let reminder = try #require(try await world.standings(appointment).first).reminder
        try await world.attempt(reminder, at: world.now, outcome: "accepted")
        let question = await #expect(throws: DeletionQuestion.self) {
            try await patients.delete(patient.id, practice, knowing: .announced(first), now: world.now)
        }
        #expect(question?.deletion.late != nil)
        _ = try await world.book(patient)
        let second = try #require(question?.deletion.mark)
        await #expect(throws: DeletionQuestion.self) {
            try await patients.delete(patient.id, practice, knowing: .announced(second), now: world.now)
        }
        let third = try await patients.deletion(of: patient.id, practice, now: world.now).mark
        try await patients.delete(patient.id, practice, knowing: .announced(third), now: world.now)
        await #expect(throws: StorageError.notFound) { _ = try await patients.find(patient.id, practice) }
    }

    @Test func `A deleted patient leaves no personal data and no planned message`() async throws {
        let world = try await World()
        let patient = try await world.patient { $0.externalID = "P1" }
        let sent = try await world.book(patient, start: "2027-03-03T10:30").appointment
        let planned = try await world.book(patient).appointment
        let reminder = try #require(try await world.standings(sent).first).reminder
        let message = try await world.attempt(reminder, at: world.now, outcome: "accepted")
        let provider = try await world.storage.providers.add(
            ProviderDraft(name: "sim", kind: "simulator"),
            now: world.now
        )
        try await world.driver.write { transaction in
            _ = try transaction.execute(
                """
                INSERT INTO receipts (provider_id, received_at, provider_message_id, receipt_key, spellings, status,
                    detail, raw, message_id)
                VALUES ($1, 1, 'x', 'x', 'x', 'delivered', 'detail', 'to +436641234500', $2)
                """,
                provider.id.rawValue,
                message.rawValue
            )
        }
        let form = FormKey(word: "word", [])
        try await world.driver.write { transaction in
            try FormRows.note([812, 813], by: form, world.practice.id, now: world.now, in: transaction)
        }
        let answer = StoredAnswer(status: 201, body: Array(#"{"lastName":"Huber"}"#.utf8), etag: nil)
        try await world.storage.requests.remember(
            world.practice.id,
            key: "k",
            fingerprint: "f",
            answer: answer,
            now: world.now
        )
        try await world.storage.patients.delete(patient.id, world.practice.id, knowing: .everything, now: world.now)

        let again = try await world.storage.requests.remembered(world.practice.id, key: "k", fingerprint: "f")
        #expect(again == StoredAnswer(status: 201, body: Array("{}".utf8), etag: nil))
        let made = try await world.driver.read { try FormRows.made(by: form, world.practice.id, in: $0) }
        #expect(made == [812, 813])
        await #expect(throws: StorageError.notFound) {
            _ = try await world.storage.patients.find(patient.id, world.practice.id)
        }
        #expect(try await world.storage.patients.list(world.practice.id).items.isEmpty)
        #expect(try await world.lines(planned) == ["sms reminder 1 skipped cancelled"])
        #expect(try await world.storage.appointments.find(planned.id, world.practice.id).status == .cancelled)
        let row = try await world.storage.messages.find(message, world.practice.id)
        #expect(row.message.recipient.isEmpty && row.message.text.isEmpty && row.patientName.isEmpty)
        #expect(try await world.count("SELECT COUNT(*) FROM receipts WHERE raw = '' AND detail = ''") == 1)
        #expect(
            try await world.count(
                """
                SELECT COUNT(*) FROM patients WHERE first_name = '' AND last_name = ''
                    AND mobile IS NULL AND email IS NULL AND external_id IS NULL
                """
            ) == 1
        )
    }

    @Test func `The log shows each message with whom it was about`() async throws {
        let world = try await World()
        let appointment = try await world.book(try await world.patient()).appointment
        let reminder = try #require(try await world.standings(appointment).first).reminder
        let message = try await world.attempt(reminder, at: world.now, outcome: "accepted")
        let log = world.storage.messages
        let rows = try await log.list(world.practice.id, MessageFilter(channel: .sms, status: .submitted)).items
        #expect(rows.map(\.message.id) == [message])
        #expect(rows.map(\.patientName) == ["Huber, Anna"])
        #expect(rows.map(\.appointmentStart) == [appointment.start])
        #expect(rows.map(\.timeZone) == [appointment.timeZone])
        #expect(try await log.list(world.practice.id, MessageFilter(status: .delivered)).items.isEmpty)
        #expect(try await log.history(of: message, world.practice.id).map(\.outcome) == [.accepted])
        #expect(try await log.since(nil, world.practice.id).count == 1)
        #expect(try await log.since(message, world.practice.id).isEmpty)
        #expect(try await world.standings(appointment).map(\.stateWord) == ["submitted"])
    }
}
