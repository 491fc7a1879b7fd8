import Domain
import Testing

@Suite("Words that give away what somebody is treated for")
struct SensitiveWordsTests {
    private func found(_ text: String) -> [String] { SensitiveWords.findings(in: text).map(\.word) }

    @Test(
        "An illness, or a field that says it",
        arguments: [
            ("Ihr Termin zur Psychotherapie", "Psychotherapie"), ("PSYCHOTHERAPIE morgen", "PSYCHOTHERAPIE"),
            ("Termin Suchtberatung", "Suchtberatung"), ("Thema: Sucht", "Sucht"), ("Onkologie, 3. Stock", "Onkologie"),
            ("HIV-Sprechstunde", "HIV-Sprechstunde"), ("Gruppe Depression", "Depression"),
            ("Gyn\u{E4}kologie", "Gyn\u{E4}kologie"), ("Gynaekologie", "Gynaekologie"),
            ("Your cancer screening", "cancer"), ("Addiction counselling", "Addiction"),
            ("Brustkrebs-Nachsorge", "Brustkrebs-Nachsorge"), ("Kinderwunschzentrum", "Kinderwunschzentrum"),
            ("Psycho\u{AD}therapie", "Psycho\u{AD}therapie"), ("Trauma-Ambulanz", "Trauma-Ambulanz"),
        ]
    )
    func illnesses(text: String, word: String) {
        #expect(SensitiveWords.findings(in: text) == [SensitiveWords.Finding(word: word, weight: .illness)])
    }

    @Test(
        "A field that says that somebody is treated is milder",
        arguments: [
            "Physiotherapie", "Logop\u{E4}die", "Ergotherapie", "Osteopathie", "Massage", "Therapie", "therapy",
        ]
    )
    func specialties(word: String) {
        #expect(SensitiveWords.findings(in: "Ihre " + word) == [SensitiveWords.Finding(word: word, weight: .specialty)])
    }

    @Test(
        "Everyday words are none",
        arguments: [
            "Terminerinnerung: Freitag, 12.03.2027, 10:30 Uhr", "Sie haben uns gesucht und besucht",
            "Praxis Dr. Sticher, Krebsgasse 3", "Geburtstag: Geburtstagsfeier, 1 Std.", "Student, Gastfamilie, Stimme",
            "Appointment reminder: your visit on Friday", "Therapeutin Anna Huber", "",
        ]
    )
    func everyday(text: String) { #expect(found(text).isEmpty) }

    @Test func `Each word is named once, in the order of the text`() {
        #expect(found("Physiotherapie, Onkologie, Physiotherapie") == ["Physiotherapie", "Onkologie"])
    }
}
