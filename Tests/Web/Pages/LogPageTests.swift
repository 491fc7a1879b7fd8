import Domain
import Foundation
import Storage
import Testing

@testable import Web

@Suite("The log's addresses, its export and its streams")
struct LogPageTests {
    @Test(
        "What a spreadsheet takes for a formula is text",
        arguments: [
            ("Huber", "Huber"), ("=1+1", "'=1+1"), ("+436641234500", "'+436641234500"), ("-5", "'-5"),
            ("@SUM(A1)", "'@SUM(A1)"),
            ("\t=1", "\"'\t=1\""), ("\r=1", "\"'\r=1\""), ("a;b", "\"a;b\""), ("a, b", "a, b"),
            ("sagt \"ja\"", "\"sagt \"\"ja\"\"\""),
            ("zwei\nZeilen", "\"zwei\nZeilen\""), ("=HYPERLINK(\"x\";\"y\")", "\"'=HYPERLINK(\"\"x\"\";\"\"y\"\")\""),
            ("", ""),
        ]
    )
    func cells(text: String, cell: String) {
        #expect(CSV.cell(text) == cell)
    }

    @Test("A line ends as RFC 4180 wants it")
    func line() {
        #expect(CSV.line(["a", "b;c", ""]) == "a;\"b;c\";\r\n")
    }

    @Test("An address asks for what it was made from")
    func addresses() {
        var query = LogQuery()
        query.channel = .sms
        query.status = "failed"
        query.from = "2027-03-01"
        query.patient = .init(7)
        query.name = "Müller & Co"
        query.cursor = "a_b"
        let path = query.path()
        #expect(LogQuery(FormData(encoded: String(path.split(separator: "?")[1]))) == query)
        #expect(LogQuery().path() == "/nachrichten")
        #expect(query.with { $0.name = "" }.cursor == nil)
    }

    @Test("Days begin and end in the practice's zone, also when the clocks change")
    func days() throws {
        let zone = try #require(TimeZone(identifier: "Europe/Vienna"))
        var query = LogQuery()
        (query.from, query.to) = ("2027-03-28", "2027-03-28")
        let filter = query.filter(in: zone)
        let (from, to) = (try #require(filter.from), try #require(filter.to))
        #expect(to.timeIntervalSince(from) == 23 * 3_600)
        query.to = "31.3."
        #expect(query.filter(in: zone).to == nil)
        query.status = "failed"
        #expect(query.filter(in: zone).group == .failed && query.filter(in: zone).status == nil)
    }

    @Test("A place is free again when nobody holds it, and nobody gets more than a share")
    func gate() throws {
        let gate = StreamGate(StreamGate.Limits(person: 2, practice: 3, all: 4))
        func user(_ practice: Int64, _ id: Int64) throws -> User {
            User(
                id: .init(id),
                practiceID: .init(practice),
                email: try EmailAddress.parse("a@example.org").get(),
                role: .reader,
                language: .german
            )
        }
        let (one, two) = (try user(1, 1), try user(1, 2))
        var places = [gate.enter(one), gate.enter(one)]
        #expect(places.allSatisfy { $0 != nil } && gate.enter(one) == nil)
        let third = gate.enter(two)
        #expect(third != nil && gate.enter(two) == nil)
        let other = gate.enter(try user(2, 3))
        let tooMany = gate.enter(try user(3, 4))
        #expect(other != nil && tooMany == nil)
        places.removeAll()
        let again = gate.enter(two)
        #expect(again != nil)
        withExtendedLifetime((third, other, again)) {}
    }

    @Test("Each step of a message's way has its sentence", arguments: Language.allCases)
    func ways(language: Language) throws {
        let words = try RealResources.words(language)
        for channel in ["sms", "email"] {
            for step in ["not_delivered", "not_taken", "unclear", "under_way"] {
                #expect(words.catalogue.has("way.means.\(channel).\(step)"))
            }
        }
        #expect(words.catalogue.has("way.means.sms.submitted") && words.catalogue.has("way.means.sms.delivered"))
    }
}
