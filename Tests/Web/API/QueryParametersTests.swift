import Domain
import Foundation
import Testing

@testable import Web

/// Queries as HTML forms write them, WHATWG URL §5.1.
struct QueryParametersTests {
    private let zone: TimeZone

    init() throws { zone = try #require(TimeZone(identifier: "Europe/Vienna")) }

    @Test(
        arguments: [
            ("q=Anna+Muster", "Anna Muster"), ("q=Anna%20Muster", "Anna Muster"), ("q=%2B43", "+43"), ("q=a=b", "a=b"),
            ("a=1&q=x", "x"), ("q=", nil), ("q", nil), ("", nil), ("q=%C3%BC", "\u{FC}"),
        ] as [(String, String?)]
    )
    func `A value is decoded, and an empty one counts as missing`(query: String, expected: String?) {
        #expect(QueryParameters(query)["q"] == expected)
    }

    @Test(arguments: ["2027-03-02T10:30:00%2B01:00", "2027-03-02T10:30:00+01:00", "2027-03-02T09:30:00Z"])
    func `The plus of an offset may come as a blank`(text: String) throws {
        let expected = try #require(RFC3339.parse("2027-03-02T09:30:00Z")).instant
        #expect(try QueryParameters("from=" + text).instant("from", zone: zone) == expected)
    }

    @Test func `A day begins and ends at midnight of the zone, an hour less when the clocks change`() throws {
        let query = QueryParameters("from=2027-03-28&to=2027-03-28")
        let from = try #require(try query.instant("from", zone: zone))
        let end = try #require(try query.end("to", zone: zone))
        #expect(RFC3339.format(from, in: zone) == "2027-03-28T00:00:00+01:00")
        #expect(RFC3339.format(end, in: zone) == "2027-03-29T00:00:00+02:00")
    }

    @Test(arguments: ["from=yesterday", "from=2027-03-02T10:30"])
    func `An instant of another form is refused with its name`(query: String) {
        #expect(throws: ProblemList(FieldProblem("from", .fieldInvalid))) {
            try QueryParameters(query).instant("from", zone: zone)
        }
    }

    @Test(arguments: ["limit=0", "limit=201", "limit=x", "limit=1.5", "limit=-1"])
    func `A limit outside 1 to 200 is refused`(query: String) {
        #expect(throws: ProblemList(FieldProblem("limit", .fieldInvalid))) {
            try QueryParameters(query).page(of: .patients)
        }
    }

    @Test func `A page has 50 items unless another number is asked for`() throws {
        #expect(try QueryParameters("").page(of: .patients) == PageRequest(limit: 50, cursor: nil))
        let asked = try QueryParameters("limit=200&cursor=patients.abc").page(of: .patients)
        #expect(asked == PageRequest(limit: 200, cursor: "abc"))
        for cursor in ["abc", "messages.abc", "patients"] {
            #expect(throws: ProblemList(FieldProblem("cursor", .fieldInvalid))) {
                try QueryParameters("cursor=" + cursor).page(of: .patients)
            }
        }
    }

    @Test(arguments: [("", false), ("a=true", true), ("a", true), ("a=1", true), ("a=false", false), ("a=TRUE", true)])
    func `A flag is set by its name or by true`(query: String, expected: Bool) throws {
        #expect(try QueryParameters(query).flag("a") == expected)
    }

    @Test func `A flag of another word is refused`() {
        #expect(throws: ProblemList(FieldProblem("a", .fieldInvalid))) { try QueryParameters("a=perhaps").flag("a") }
    }
}
