import Database
import Domain
import Foundation
import Storage
import Testing

struct ConsentTests {
    private func actor(_ world: World) async throws -> Actor {
        let user = try await world.storage.users.create(
            world.practice.id,
            email: "eva@example.org",
            role: "staff",
            password: "ein-gutes-wort",
            now: world.now
        )
        return Actor(user)
    }

    private func lines(_ world: World, _ patient: Patient.ID) async throws -> [String] {
        try await world.storage.patients.consents(patient, world.practice.id).map {
            "\($0.channel) \($0.consent) \($0.means) \($0.actor)"
        }
    }

    @Test func `Each change of a consent is on record with how and by whom`() async throws {
        let world = try await World()
        let eva = try await actor(world)
        let patient = try await world.storage.patients.create(
            world.practice.id,
            PatientDraft(lastName: "Huber", smsConsent: "given"),
            by: eva,
            now: world.now
        )
        #expect(try await lines(world, patient.id) == ["sms given unsaid eva@example.org"])
        _ = try await world.storage.patients.change(patient.id, world.practice.id, by: eva, now: world.now + 1) {
            $0.smsConsent = "withdrawn"
            $0.smsConsentMeans = "phone"
            $0.emailConsent = "given"
            $0.emailConsentMeans = "form"
        }
        _ = try await world.storage.patients.change(patient.id, world.practice.id, by: eva, now: world.now + 2) {
            $0.firstName = "Anna"
            $0.smsConsentMeans = "form"
        }
        #expect(
            try await lines(world, patient.id) == [
                "email given form eva@example.org", "sms withdrawn phone eva@example.org",
                "sms given unsaid eva@example.org",
            ]
        )
        let entry = try #require(try await world.storage.patients.consents(patient.id, world.practice.id).first)
        #expect(entry.at == world.now + 1)
    }

    @Test(arguments: [("given", "", false), ("withdrawn", "", false), ("given", "phone", true), ("unknown", "", true)])
    func `At a desk a consent says how it came to be known`(
        _ consent: String,
        _ means: String,
        _ isTaken: Bool
    ) async throws {
        let world = try await World()
        let patient = try await world.patient()
        let found = try await codes {
            _ = try await world.storage.patients.change(patient.id, world.practice.id, now: world.now) {
                ($0.emailConsent, $0.emailConsentMeans, $0.requiresMeans) = (consent, means, true)
            }
        }
        #expect(found == (isTaken ? [] : ["emailConsentMeans field.required"]))
    }

    @Test func `How it came to be known is no change by itself`() async throws {
        let world = try await World()
        let patient = try await world.patient()
        let same = try await world.storage.patients.change(patient.id, world.practice.id, now: world.now) {
            $0.smsConsentMeans = "form"
        }
        #expect(same.version == patient.version)
        #expect(try await lines(world, patient.id).isEmpty)
        let found = try await codes {
            _ = try await world.storage.patients.change(patient.id, world.practice.id, now: world.now) {
                $0.smsConsent = "given"
                $0.smsConsentMeans = "smoke"
            }
        }
        #expect(found == ["smsConsentMeans field.invalid"])
    }

    @Test func `An SMS that says stop is on record as the patient's own word`() async throws {
        let world = try await World()
        let patient = try await world.patient()
        let provider = try await world.storage.providers.add(
            ProviderDraft(name: "sim", kind: "simulator"),
            now: world.now
        )
        let stop = InboundSMS(providerMessageID: "1", sender: "+436641234500", recipient: "43676", text: "STOP")
        try await world.storage.inbound.record([stop, stop], from: provider.id, at: world.now)
        #expect(try await lines(world, patient.id) == ["sms withdrawn sms "])
    }

    @Test func `Erasing takes contact, consents, answers and notes along`() async throws {
        let world = try await World { $0.keepsBirthDates = true }
        let patient = try await world.patient {
            $0.birthDate = "12.03.1980"
            $0.contactName = "Sandra Huber"
            $0.contactRelation = "Mutter"
            $0.contactMobile = "0664 1234501"
            $0.contactEmail = "s@example.org"
            $0.reachesContact = true
            $0.smsConsent = "given"
        }
        let appointment = try await world.book(patient).appointment
        let reminder = try #require(try await world.standings(appointment).first).reminder
        try await world.driver.write { transaction in
            let values: [any SQLBindable] = [
                world.practice.id.rawValue, appointment.id.rawValue, patient.id.rawValue, reminder.id.rawValue,
            ]
            try transaction.execute(
                """
                INSERT INTO link_answers (practice_id, appointment_id, patient_id, generation, kind, received_at)
                VALUES ($1, $2, $3, 0, 'confirmed', 1)
                """,
                values: values.prefix(3).map(\.sqlValue)
            )
            try transaction.execute(
                "INSERT INTO undos (practice_id, appointment_id, version, was, expires_at) VALUES ($1, $2, 1, '{}', 1)",
                values: values.prefix(2).map(\.sqlValue)
            )
            try transaction.execute(
                "INSERT INTO calls (practice_id, reminder_id, at, actor, note) VALUES ($1, $2, 1, 'eva', 'krank')",
                values: [values[0].sqlValue, values[3].sqlValue]
            )
        }
        try await world.storage.patients.delete(patient.id, world.practice.id, knowing: .everything, now: world.now)
        let empty = ["patient_words", "consents", "link_answers", "undos"]
        for table in empty { #expect(try await world.count("SELECT COUNT(*) FROM \(table)") == 0, "\(table)") }
        #expect(try await world.count("SELECT COUNT(*) FROM calls WHERE note = ''") == 1)
        #expect(
            try await world.count(
                """
                SELECT COUNT(*) FROM patients WHERE birth_date IS NULL AND contact_name = '' AND contact_relation = ''
                    AND contact_mobile IS NULL AND contact_email IS NULL AND reaches_contact = 0
                """
            ) == 1
        )
    }
}
