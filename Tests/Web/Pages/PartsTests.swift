import Domain
import Foundation
import Testing

@testable import Web

@Suite("The parts of pages")
struct PartsTests {
    @Test("The phone counts what is left, and marks what cannot be sent")
    func phone() throws {
        let words = try RealResources.words()
        let start = try #require(WallTime(iso: "2027-03-12T10:30"))
        let good = PhoneView("Bis bald", start: start, sender: "PraxisOhr", words)
        #expect(good.predefined == "Terminerinnerung 12.03.2027, 10:30. ")
        #expect(good.count == "1 SMS")
        #expect(good.left == "noch 116 Zeichen")
        #expect(!good.isOver && good.problems.isEmpty && !good.canBeSpelled)

        let odd = PhoneView("„Hallo“", start: start, sender: nil, words)
        #expect(odd.pieces.filter(\.isMarked).map(\.text) == ["„", "“"])
        #expect(odd.canBeSpelled && odd.problems.count == 2)

        let long = PhoneView(String(repeating: "x", count: 126), start: start, sender: nil, words)
        #expect(long.isOver && long.left == "2 Zeichen zu viel")
    }

    @Test(
        "A form is read as browsers send it",
        arguments: [
            ("a=1&b=x+y", "b", "x y"), ("a=%C3%A4%0D%0Ab", "a", "ä\r\nb"), ("a=%zz&b", "a", "%zz"), ("b&a=1", "b", ""),
            ("a=1&a=2", "a", "1"), ("a=b=c", "a", "b=c"),
        ]
    )
    func forms(encoded: String, name: String, value: String) {
        #expect(FormData(encoded: encoded)[name] == value)
    }

    @Test("Only the session's own token passes")
    func tokens() {
        #expect(FormToken.matches("abc", "abc"))
        #expect(!FormToken.matches("abd", "abc"))
        #expect(!FormToken.matches("", ""))
        #expect(!FormToken.matches("ab", "abc"))
    }

    @Test("What the form did not touch keeps its instant; a moved start moves the end with it")
    func appointmentForm() throws {
        let zone = try #require(TimeZone(identifier: "Europe/Vienna"))
        let start = Date(timeIntervalSince1970: 1_805_000_000)
        let appointment = Appointment(
            id: .init(7),
            practiceID: .init(1),
            patientID: .init(2),
            locationID: .init(3),
            practitionerID: nil,
            start: start,
            end: start + 3_000,
            timeZone: zone,
            reminderKind: .sms
        )
        var form = AppointmentForm(existing: appointment)
        var draft = AppointmentDraft(existing: appointment)
        form.edit(&draft, of: appointment)
        #expect(draft == AppointmentDraft(existing: appointment))

        form.date = "2027-03-20"
        form.time = "23:30"
        form.edit(&draft, of: appointment)
        #expect(draft.start == "2027-03-20T23:30")
        #expect(draft.end.isEmpty && draft.minutes == "50")
        #expect(draft.reminderKind == "sms")
    }

    @Test("A kind that nobody chose is inherited from the patient; a chosen one is explicit")
    func inheritedKind() {
        var form = AppointmentForm(FormData(encoded: "reminderKind=sms&preselected=sms"))
        #expect(form.draft().reminderKind == nil)
        form.kind = "none"
        #expect(form.draft().reminderKind == "none")
    }

    @Test("All templates can be read, and each part that they name exists")
    func templates() throws {
        let folder = RealResources.folder.appendingPathComponent("templates")
        _ = try Templates.load(folder)
        let partial = try Regex(#"\{\{[><]\s*([a-z/-]+)\s*\}\}"#)
        for path in try FileManager.default.subpathsOfDirectory(atPath: folder.path) where path.hasSuffix(".mustache") {
            let text = try String(contentsOf: folder.appendingPathComponent(path), encoding: .utf8)
            for match in text.matches(of: partial) {
                let name = match.output[1].substring.map(String.init) ?? ""
                let part = folder.appendingPathComponent(name + ".mustache").path
                #expect(FileManager.default.fileExists(atPath: part), "\(path): \(name)")
            }
            #expect(!text.contains("<script>") && !text.contains(" style=") && !text.contains(" onclick="), "\(path)")
        }
    }

    @Test("Each status has one of the six looks")
    func looks() {
        #expect(Look(Message.State(status: .submitted)) == .submitted)
        #expect(Look(Message.State(status: .delivered)) == .delivered)
        #expect(Look(Message.State(status: nil, unclear: true)) == .unclear)
        for status in MessageStatus.allCases where status != .submitted && status != .delivered {
            #expect(Look(Message.State(status: status)) == .failed)
        }
    }
}
