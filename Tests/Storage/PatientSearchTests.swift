import Database
import Domain
import Foundation
import Storage
import Testing

struct PatientSearchTests {
    private func names(_ world: World, _ query: String, limit: Int = 50) async throws -> [String] {
        try await world.storage.patients.list(
            world.practice.id,
            PatientFilter(search: query),
            PageRequest(limit: limit)
        ).items.map { $0.lastName + " " + $0.firstName }
    }

    private func add(_ world: World, _ names: [(first: String, last: String)]) async throws {
        for name in names { _ = try await world.patient(name.last, mobile: "") { $0.firstName = name.first } }
    }

    @Test func `Last names that begin so come before all others, each sort by name`() async throws {
        let world = try await World()
        try await add(
            world,
            [("Martin", "Zauner"), ("Eva", "Martin"), ("Martina", "Auer"), ("Ada", "Martinek"), ("Ada", "Martin")]
        )
        #expect(
            try await names(world, "martin")
                == ["Martin Ada", "Martin Eva", "Martinek Ada", "Zauner Martin", "Auer Martina"]
        )
        #expect(try await names(world, "eva mart") == ["Martin Eva"])
        #expect(try await names(world, "mart eva") == ["Martin Eva"])
    }

    @Test(arguments: [1, 2, 3, 7])
    func `Pages follow each other without loss and repetition`(_ size: Int) async throws {
        let world = try await World()
        try await add(
            world,
            (0..<9).map { number in
                number % 2 == 0 ? ("Karl \(number)", "Karlsen") : ("Karl Karla", "Auer \(number)")
            }
        )
        let all = try await names(world, "karl")
        #expect(all.count == 9)
        var (found, cursor): ([String], String?) = ([], nil)
        repeat {
            let page = try await world.storage.patients.list(
                world.practice.id,
                PatientFilter(search: "karl"),
                PageRequest(limit: size, cursor: cursor)
            )
            #expect(page.items.count <= size)
            found += page.items.map { $0.lastName + " " + $0.firstName }
            cursor = page.next
        } while cursor != nil
        #expect(found == all)
    }

    @Test func `A number finds its patient once, and the contact's too`() async throws {
        let world = try await World()
        _ = try await world.patient("Huber", mobile: "0664 6641234") {
            $0.contactName = "Sandra Huber"
            $0.contactMobile = "0664 6641299"
        }
        for query in ["0664", "664", "+43664", "6641234", "1299", "0664 6641299", "sandra"] {
            #expect(try await names(world, query) == ["Huber Anna"], "\(query)")
        }
    }

    @Test func `What is searched for follows what is stored`() async throws {
        let world = try await World()
        let patient = try await world.patient("Huber")
        _ = try await world.storage.patients.change(patient.id, world.practice.id, now: world.now) {
            $0.lastName = "Grün"
            $0.mobile = "0676 7654321"
        }
        #expect(try await names(world, "huber").isEmpty)
        #expect(try await names(world, "1234500").isEmpty)
        #expect(try await names(world, "gruen 0676") == ["Grün Anna"])
    }

    @Test func `A date of birth finds where the practice keeps them`() async throws {
        let world = try await World { $0.keepsBirthDates = true }
        _ = try await world.patient("Huber", mobile: "") { $0.birthDate = "12.03.1980" }
        _ = try await world.patient("Auer", mobile: "")
        for query in ["12.03.1980", "12.3.80", "1980-03-12", "12.03.", "hub 12.3.80"] {
            #expect(try await names(world, query) == ["Huber Anna"], "\(query)")
        }
        _ = try await world.storage.practices.change(world.practice.id, now: world.now) { $0.keepsBirthDates = false }
        #expect(try await names(world, "12.03.1980").isEmpty)
    }

    @Test func `Nobody of another practice is found, and nobody who was erased`() async throws {
        let world = try await World()
        let other = try await world.storage.practices.create(PracticeDraft(name: "Andere"), now: world.now)
        _ = try await world.storage.patients.create(other.id, PatientDraft(lastName: "Huber"), now: world.now)
        let gone = try await world.patient("Huber") { $0.firstName = "Weg" }
        _ = try await world.patient("Huber")
        try await world.storage.patients.delete(gone.id, world.practice.id, knowing: .everything, now: world.now)
        #expect(try await names(world, "huber") == ["Huber Anna"])
        #expect(try await world.count("SELECT COUNT(*) FROM patient_words WHERE patient_id = \(gone.id)") == 0)
    }

    @Test func `A search is narrowed by what else is asked for`() async throws {
        let world = try await World()
        _ = try await world.patient("Huber") { $0.externalID = "P1" }
        _ = try await world.patient("Huber") { $0.externalID = "P2" }
        let page = try await world.storage.patients.list(
            world.practice.id,
            PatientFilter(search: "huber", externalID: "P2")
        )
        #expect(page.items.map(\.externalID) == ["P2"])
    }

    @Test func `Patients from before are found after the migration, however many they are`() async throws {
        let world = try await World()
        let patient = try await world.patient("Grün")
        try await world.driver.write { transaction in
            try transaction.script("DELETE FROM patient_words; UPDATE patients SET has_words = 0")
            for number in 0..<1_100 {
                try transaction.execute(
                    """
                    INSERT INTO patients (practice_id, first_name, last_name, mobile, reminder_kind, sms_consent,
                        email_consent, version, created_at, changed_at)
                    VALUES ($1, 'Alt', $2, '+436641234500', 'none', 'unknown', 'unknown', 1, 1, 1)
                    """,
                    world.practice.id.rawValue,
                    "Bestand \(number)"
                )
            }
        }
        #expect(try await names(world, "gruen").isEmpty)
        #expect(try await world.storage.migrate() == [])
        #expect(try await names(world, "gruen") == ["Grün Anna"])
        #expect(try await names(world, "bestand 1099") == ["Bestand 1099 Alt"])
        #expect(try await world.count("SELECT COUNT(*) FROM patients WHERE has_words = 0") == 0)
        // Again it finds nothing to do, and what is there stays.
        let before = try await world.count("SELECT COUNT(*) FROM patient_words")
        _ = try await world.storage.migrate()
        #expect(try await world.count("SELECT COUNT(*) FROM patient_words") == before)
        #expect(try await world.storage.patients.find(patient.id, world.practice.id).version == patient.version)
    }

    @Test func `Who is alike by name or number is told`() async throws {
        let world = try await World()
        let muster = try await world.patient("Müster", mobile: "0664 1234500") { $0.firstName = "Eva" }
        let child = try await world.patient("Kind", mobile: "") {
            $0.contactName = "Eva Muster"
            $0.contactMobile = "0664 1234500"
        }
        let like = { (draft: PatientDraft, except: Patient.ID?) in
            try await world.storage.patients.lookalikes(world.practice.id, draft, except: except)
                .map { "\($0.patient.id) \($0.hasSameName)" }
        }
        let same = PatientDraft(firstName: "EVA", lastName: "Muester", mobile: "")
        #expect(try await like(same, nil) == ["\(muster.id) true"])
        let number = PatientDraft(firstName: "Otto", lastName: "Anders", mobile: "+43 664 1234500")
        #expect(try await like(number, nil) == ["\(muster.id) false", "\(child.id) false"])
        #expect(try await like(number, muster.id) == ["\(child.id) false"])
        #expect(try await like(PatientDraft(firstName: "Eva", lastName: "Must", mobile: "0664 12"), nil).isEmpty)
        #expect(try await like(PatientDraft(lastName: ""), nil).isEmpty)
    }
}
