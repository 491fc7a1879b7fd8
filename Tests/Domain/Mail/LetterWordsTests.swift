import Domain
import Foundation
import Testing

/// What letters say, and what they leave out.
@Suite struct LetterWordsTests {
    private func facts(_ edit: (inout MorningFacts) -> Void = { _ in }) throws -> MorningFacts {
        let start = try #require(WallTime(iso: "2027-03-02T10:30"))
        var facts = MorningFacts(
            practice: "Praxis am Park",
            all: 24,
            arrived: 22,
            waiting: 1,
            calls: [
                .init(start: start, initials: "M. L.", channel: .sms, cause: .failed),
                .init(start: start, initials: "A. G.", channel: .email, cause: .notSent),
            ],
            troubles: [.providerDown],
            link: "https://vortag.example/anrufe"
        )
        edit(&facts)
        return facts
    }

    @Test func aReportTellsHowManyWhomAndWhere() throws {
        let text = LetterWords.reportBody(try facts(), .german)
        for piece in [
            "von 24 Erinnerungen", "heute 22 angekommen", "Noch nicht hinaus sind 1.",
            "- Dienstag, 02.03.2027, 10:30 Uhr: M. L., SMS nicht angekommen", "A. G., E-Mail nicht verschickt",
            "Versanddienstleister f\u{FC}r SMS ist nicht erreichbar", "https://vortag.example/anrufe",
        ] {
            #expect(text.contains(piece), "\(piece)")
        }
        #expect(LetterWords.reportSubject(try facts(), .german) == "Vortag: bitte 2 Personen anrufen")
    }

    @Test func withoutAnAddressOfThePagesItSaysWhereToLook() throws {
        let text = LetterWords.reportBody(try facts { $0.link = nil }, .german)
        #expect(text.contains("unter \u{201E}Heute\u{201C}") && !text.contains("http"))
    }

    @Test(arguments: Language.allCases)
    func eachTroubleAndCauseHasWordsOfItsOwn(language: Language) throws {
        let texts = try MorningFacts.Trouble.allCases.map { trouble in
            LetterWords.reportBody(try facts { $0.troubles = [trouble] }, language)
        }
        #expect(Set(texts).count == texts.count)
        let start = try #require(WallTime(iso: "2027-03-02T10:30"))
        let causes = try MorningFacts.Cause.allCases.flatMap { cause in
            try Channel.allCases.map { channel in
                LetterWords.reportBody(
                    try facts { $0.calls = [.init(start: start, initials: "M.", channel: channel, cause: cause)] },
                    language
                )
            }
        }
        #expect(Set(causes).count == causes.count)
    }

    @Test(arguments: [("Marie", "Leitner", "M. L."), ("", "Leitner", "L."), ("", "", "")])
    func initialsNameNobody(first: String, last: String, initials: String) {
        #expect(MorningFacts.initials(first: first, last: last) == initials)
    }

    @Test func theWayToANewPasswordStandsInALineOfItsOwn() {
        for language in Language.allCases {
            let text = LetterWords.resetBody(link: "https://v.example/anmelden/neu/WORT", minutes: 60, language)
            #expect(text.split(separator: "\n").contains("https://v.example/anmelden/neu/WORT"))
            #expect(text.contains("60"))
        }
    }
}

/// When a report is due, by the practice's own clock.
@Suite struct MorningReportTimeTests {
    @Test(arguments: [
        ("07:00", false, "09:00", "07:30"), ("08:00", false, "09:00", "08:30"), ("07:00", true, "09:00", "09:30"),
    ])
    func itIsHalfAnHourAfterTheLastSendTimeThatIsInUse(
        sms: String,
        hasEmail: Bool,
        email: String,
        report: String
    ) throws {
        let zone = try #require(TimeZone(identifier: "Europe/Vienna"))
        let practice = Practice(
            id: Identifier(1),
            name: "P",
            timeZone: zone,
            country: .austria,
            language: .german,
            smsEnabled: true,
            emailEnabled: hasEmail,
            smsSendTime: try #require(SendTime(rawValue: sms)),
            emailSendTime: try #require(SendTime(rawValue: email))
        )
        for day in ["2027-03-27", "2027-03-28", "2027-10-31"] {
            let day = try #require(LocalDate(iso: day))
            let due = try #require(WallTime(iso: "\(day.iso)T\(report)")).instant(in: zone)
            #expect(MorningReportTime.day(practice, now: due - 1) == nil)
            #expect(MorningReportTime.day(practice, now: due) == day)
            let end = MorningReportTime.end(practice, on: day)
            #expect(MorningReportTime.day(practice, now: end - 1) == day)
            #expect(MorningReportTime.day(practice, now: end) == nil)
        }
    }
}
