import Domain
import Testing

struct NearNameTests {
    private func isNear(_ typed: (String, String), _ known: (String, String)) -> Bool {
        let practice = Practice.ID(1)
        let patient = Patient(id: Patient.ID(1), practiceID: practice, firstName: known.1, lastName: known.0)
        return NearName(PatientDraft(firstName: typed.1, lastName: typed.0))?.isNear(patient) ?? false
    }

    @Test(arguments: [
        ("traub", ""), ("Traube", "Til"), ("Traubee", "Tilda"), ("Tarube", "Tilda"), ("Traue", "Tilda"),
        ("TRAUBE", "Tilda"), ("Traude", "Thilda"),
    ])
    func `A name that is not typed to its end, or wrong by one letter, is near`(_ last: String, _ first: String) {
        #expect(isNear((last, first), ("Traube", "Tilda")))
    }

    @Test(arguments: [("tr", ""), ("Traube", "Tom"), ("Taube", "Anna"), ("Trauben", "Anna"), ("Trabue", "Rosa")])
    func `Another first name, or too few letters, is not`(_ last: String, _ first: String) {
        #expect(!isNear((last, first), ("Traube", "Tilda")))
    }

    @Test func `Who is near stands among the words that are looked through`() {
        let words = NearName(PatientDraft(lastName: "Müllre"))?.words
        let word = PatientWords.ofName(firstName: "Eva", lastName: "Mueller")
        #expect(words.map { $0.from <= word && word < $0.to } == true)
    }
}
