import Domain
import Foundation
import Testing

struct PatientWordsTests {
    @Test(arguments: [
        ["Müller", "Mueller", "Muller", "MÜLLER", "mu\u{308}ller"], ["Huß", "Huss", "HUẞ"],
        ["Öztürk", "Oeztuerk", "Ozturk", "öztürk"], ["René", "Rene"], ["Özdemir-Łukasz", "ozdemir LUKASZ"],
        ["Bjørn Ægir", "Bjorn Aegir", "Björn Ägir"], ["Ｍｕｅｌｌｅｒ", "Müller"], ["İbrahim Işık", "Ibrahim Isik"],
        ["Šimić", "Simic"],
    ])
    func `Spellings of one name are folded to one form`(_ spellings: [String]) {
        #expect(Set(spellings.map(NameFolding.parts)).count == 1, "\(spellings.map(NameFolding.parts))")
    }

    @Test(arguments: ["Müller", "Mueller", "Michaela", "Huß-Grün", "Aoife", "Œuvre", "ueueue", "Ae"])
    func `The beginning of a name is folded to a beginning of its form`(_ name: String) {
        let whole = NameFolding.folded(name.filter(\.isLetter))
        for length in 1...name.count {
            let beginning = NameFolding.folded(name.prefix(length).filter(\.isLetter))
            #expect(whole.hasPrefix(beginning), "\(name.prefix(length))")
        }
    }

    @Test(arguments: [("Maier", "Meier"), ("Huber", "Hubert"), ("Wolf", "Wulf")])
    func `Other names stay other names`(_ one: String, _ other: String) {
        #expect(NameFolding.folded(one) != NameFolding.folded(other))
    }

    /// Whether the patient has for each term a word that begins as one of its beginnings.
    private func finds(_ query: String, birthDates: Bool = true) throws -> Bool {
        let words = PatientWords.of(
            firstName: "Anna Maria",
            lastName: "O'Brien-Müller",
            mobile: MobileNumber(e164: "+436641234500"),
            contact: PatientContact(name: "José de Luca", mobile: MobileNumber(e164: "+4915112345678")),
            birthDate: LocalDate(year: 1980, month: 3, day: 12)
        )
        let terms = PatientQuery(query, birthDates: birthDates).terms
        return !terms.isEmpty
            && terms.allSatisfy { term in
                term.test.contains { beginning in words.contains { $0.hasPrefix(beginning) } }
                    && term.beginnings.contains { beginning in words.contains { $0.hasPrefix(beginning) } }
            }
    }

    @Test(arguments: [
        ("anna", true), ("mue", true), ("müller anna", true), ("maria obrien", true), ("o'brien", true),
        ("brien", true), ("obrienmuller", true), ("de luca", true), ("jose", true), ("uca", false),
        ("anna huber", false), ("0664", true), ("+43 664", true), ("0043664 123", true), ("+43 (0)664 1234500", true),
        ("0664/12 34-500", true), ("664 1234", true), ("1234500", true), ("4500", true), ("500", true), ("12345", true),
        ("0151 1234", true), ("+49151", true), ("5678", true), ("0676", false), ("9500", false), ("anna 0664", true),
        ("0664 1234500 müller", true), ("anna 0676", false), ("12.03.1980", true), ("12.3.80", true), ("12.3.", true),
        ("12.03.19", true), ("1980-03-12", true), ("12.03.1981", false), ("13.03.1980", false), ("12.3.20", false),
        ("12.03.1980 müller", true), ("12.03.1980 huber", false), ("", false), ("%", false), ("--", false),
    ])
    func `A patient is found however somebody types`(_ query: String, _ isFound: Bool) throws {
        #expect(try finds(query) == isFound)
    }

    @Test func `Where dates of birth are not kept a date is looked for as a number`() throws {
        #expect(try !finds("12.03.1980", birthDates: false))
        #expect(try finds("066.4123.4500", birthDates: false))
    }

    @Test(arguments: [
        ("12.03.1980", "1980-03-12"), ("1.2.05", "2005-02-01"), ("1.2.85", "1985-02-01"), ("01.03.27", "2027-03-01"),
        ("02.03.27", "1927-03-02"), ("1980-03-12", "1980-03-12"), ("30.02.1980", nil), ("12.13.1980", nil),
        ("2.3.2027", nil), ("1.1.1800", nil), ("12.03.198", nil), ("gestern", nil), ("12/03/1980", nil),
        ("29.02.01", nil),
    ])
    func `A date of birth is read as people write it`(_ text: String, _ iso: String?) throws {
        let today = try #require(LocalDate(year: 2027, month: 3, day: 1))
        #expect(BirthDate.read(text, today: today)?.iso == iso)
    }

    @Test(arguments: ["de luca", "DeLuca", "luca maria", "annamaria", "anna-maria"])
    func `A name of several words is found as one word, too`(_ query: String) {
        let words = PatientWords.of(
            firstName: "Anna Maria",
            lastName: "De Luca",
            mobile: nil,
            contact: .nobody,
            birthDate: nil
        )
        for term in PatientQuery(query, birthDates: false).terms {
            #expect(term.test.contains { beginning in words.contains { $0.hasPrefix(beginning) } }, "\(term)")
        }
    }

    @Test func `Absurd names make few and short words`() {
        let long = Array(repeating: "Maria", count: 40).enumerated().map { "\($1)\($0)" }.joined(separator: " ")
        let words = PatientWords.of(
            firstName: String(long.prefix(200)),
            lastName: String(repeating: "x", count: 200),
            mobile: nil,
            contact: .nobody,
            birthDate: nil
        )
        #expect(words.count < 20)
        #expect(words.allSatisfy { $0.count <= 300 })
    }
}
