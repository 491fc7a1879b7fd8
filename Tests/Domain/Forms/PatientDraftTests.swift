import Domain
import Foundation
import Testing

struct PatientDraftTests {
    private func codes(_ work: () throws -> Void) -> [String] {
        do { try work() } catch let list as ProblemList {
            return list.problems.map { "\($0.field) \($0.code.rawValue)" }
        } catch { return ["\(error)"] }
        return []
    }

    private func draft(_ edit: (inout PatientDraft) -> Void) -> PatientDraft {
        var draft = PatientDraft(firstName: "Lena", lastName: "Huber")
        edit(&draft)
        return draft
    }

    @Test func `A name is one line, whatever was pasted`() throws {
        let pasted = draft {
            $0.lastName = "  Huber\r\nMaier\t Lang\r"
            $0.contactName = "Sandra\nHuber"
        }
        let checked = try pasted.validated(country: .austria)
        #expect(checked.lastName == "Huber Maier Lang")
        #expect(
            codes { _ = try draft { $0.lastName = "Hu\u{7}ber" }.validated(country: .austria) }
                == ["lastName field.invalid"]
        )
    }

    @Test func `The contact's number and address keep the rules of the patient's own, each at its field`() {
        let draft = draft {
            $0.contactName = "Sandra Huber"
            $0.contactMobile = "01 5131234"
            $0.contactEmail = "sandra"
        }
        #expect(
            codes { _ = try draft.validated(country: .austria) }
                == ["contactMobile mobile.landline", "contactEmail email.invalid"]
        )
    }

    @Test func `Whom messages go to, or whose number is known, has a name`() {
        #expect(
            codes { _ = try draft { $0.reachesContact = true }.validated(country: .austria) }
                == ["contactName field.required"]
        )
        #expect(
            codes { _ = try draft { $0.contactMobile = "0664 1234500" }.validated(country: .austria) }
                == ["contactName field.required"]
        )
    }

    @Test func `Messages reach the contact where they are to go there, and then nobody else`() throws {
        var draft = draft {
            $0.mobile = "0664 1234500"
            $0.email = "lena@example.org"
            $0.contactName = "Sandra Huber"
            $0.contactMobile = "0664 1234501"
        }
        #expect(try draft.validated(country: .austria).reached.mobile?.e164 == "+436641234500")
        draft.reachesContact = true
        let reached = try draft.validated(country: .austria).reached
        #expect(reached.mobile?.e164 == "+436641234501" && reached.email == nil)
    }

    @Test func `A date of birth is taken where the practice keeps them`() throws {
        var practice = Practice(
            id: Practice.ID(1),
            name: "P",
            timeZone: try #require(TimeZone(identifier: "UTC")),
            country: .austria,
            language: .german
        )
        let today = try #require(LocalDate(year: 2027, month: 3, day: 1))
        let born = draft { $0.birthDate = "12.3.80" }
        #expect(
            codes { _ = try born.validated(country: .austria, birthDates: BirthDatePolicy(practice, today: today)) }
                == ["birthDate birth_date.not_kept"]
        )
        practice.keepsBirthDates = true
        let policy = BirthDatePolicy(practice, today: today)
        #expect(try born.validated(country: .austria, birthDates: policy).birthDate?.iso == "1980-03-12")
        let wrong = draft { $0.birthDate = "02.03.2027" }
        #expect(
            codes { _ = try wrong.validated(country: .austria, birthDates: policy) }
                == ["birthDate birth_date.invalid"]
        )
    }

    @Test func `One that was kept before the switch was off stays with what else is changed`() throws {
        let practice = Practice(
            id: Practice.ID(1),
            name: "P",
            timeZone: try #require(TimeZone(identifier: "UTC")),
            country: .austria,
            language: .german
        )
        let today = try #require(LocalDate(year: 2027, month: 3, day: 1))
        let kept = BirthDatePolicy(practice, today: today, keeping: LocalDate(year: 1980, month: 3, day: 12))
        let same = draft { $0.birthDate = "1980-03-12" }
        #expect(try same.validated(country: .austria, birthDates: kept).birthDate?.iso == "1980-03-12")
        #expect(try draft { _ in }.validated(country: .austria, birthDates: kept).birthDate == nil)
    }

    @Test func `A draft of a record gives the contact back`() throws {
        var patient = Patient(id: Patient.ID(1), practiceID: Practice.ID(1), firstName: "Lena", lastName: "Huber")
        patient.contact = PatientContact(
            name: "Sandra Huber",
            relation: "Mutter",
            mobile: MobileNumber(e164: "+436641234501"),
            email: EmailAddress(stored: "s@example.org")
        )
        patient.reachesContact = true
        let fields = try PatientDraft(existing: patient).validated(country: .germany)
        #expect(fields.contact == patient.contact && fields.reachesContact && fields.reached == patient.reached)
        #expect((fields.firstName, fields.lastName) == (patient.firstName, patient.lastName))
        #expect((fields.mobile, fields.birthDate) == (patient.mobile, patient.birthDate))
    }
}
