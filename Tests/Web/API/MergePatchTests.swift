import Domain
import Foundation
import Testing

@testable import Web

/// JSON Merge Patch (RFC 7396), as the interface's bodies use it.
struct MergePatchTests {
    private func patch(_ json: String) throws -> MergePatch {
        try MergePatch(JSONValue(parsing: Array(json.utf8)))
    }

    @Test(arguments: [("{}", "before"), (#"{"name":"after"}"#, "after"), (#"{"name":null}"#, "")])
    func `What is missing stays, what is given is taken, and null clears`(json: String, expected: String) throws {
        var patch = try patch(json)
        var name = "before"
        patch.take("name", into: &name)
        try patch.finish()
        #expect(name == expected)
    }

    @Test(arguments: [("{}", "sms"), (#"{"kind":"email"}"#, "email"), (#"{"kind":null}"#, nil)])
    func `Null takes away a text that may be left out`(json: String, expected: String?) throws {
        var patch = try patch(json)
        var kind: String? = "sms"
        patch.take("kind", into: &kind)
        #expect(kind == expected)
    }

    @Test(arguments: [("{}", true), (#"{"on":false}"#, false), (#"{"on":null}"#, false)])
    func `A switch is true or false, and null switches off`(json: String, expected: Bool) throws {
        var patch = try patch(json)
        var isOn = true
        patch.take("on", into: &isOn)
        try patch.finish()
        #expect(isOn == expected)
    }

    @Test(arguments: [("{}", "7"), (#"{"limit":300}"#, "300"), (#"{"limit":null}"#, "")])
    func `A number is a whole one, and null clears it`(json: String, expected: String) throws {
        var patch = try patch(json)
        var limit = "7"
        patch.takeNumber("limit", into: &limit)
        try patch.finish()
        #expect(limit == expected)
        #expect(patch.has("limit") == (json != "{}"))
    }

    @Test(arguments: [#"{"limit":"300"}"#, #"{"limit":1.5}"#, #"{"limit":true}"#])
    func `A text is no number`(json: String) throws {
        var patch = try patch(json)
        var limit = ""
        patch.takeNumber("limit", into: &limit)
        #expect(throws: ProblemList(FieldProblem("limit", .fieldInvalid))) { try patch.finish() }
    }

    @Test func `Every wrong type and every unknown member is told at once, in order`() throws {
        var patch = try patch(#"{"name":1,"on":"yes","start":"tomorrow","zebra":1,"apple":null}"#)
        var name = ""
        var isOn = false
        var start = ""
        patch.take("name", into: &name)
        patch.take("on", into: &isOn)
        patch.takeInstant("start", into: &start)
        let expected = ProblemList([
            FieldProblem("name", .fieldInvalid), FieldProblem("on", .fieldInvalid),
            FieldProblem("start", .fieldInvalid),
            FieldProblem("apple", .fieldUnknown), FieldProblem("zebra", .fieldUnknown),
        ])
        #expect(throws: expected) { try patch.finish() }
    }

    @Test(arguments: ["2027-03-02T10:30:00+01:00", "2027-03-02T10:30:00Z", "", "2027-03-02T10:30:00.500-05:00"])
    func `An instant needs its offset, and may be empty`(text: String) throws {
        var patch = try patch(#"{"start":"\#(text)"}"#)
        var start = "2027-01-01T00:00:00Z"
        patch.takeInstant("start", into: &start)
        try patch.finish()
        #expect(start == text)
    }

    @Test(arguments: ["2027-03-02T10:30", "2027-03-02 10:30:00+01:00", "2027-02-30T10:30:00Z"])
    func `A wall time and a day that does not exist are no instants`(text: String) throws {
        var patch = try patch(#"{"start":"\#(text)"}"#)
        var start = ""
        patch.takeInstant("start", into: &start)
        #expect(throws: ProblemList(FieldProblem("start", .fieldInvalid))) { try patch.finish() }
    }

    @Test(arguments: ["[]", "1", "null", #""text""#])
    func `A body that is no object is refused`(json: String) {
        #expect(throws: ProblemList(FieldProblem("", .fieldInvalid))) { try patch(json) }
    }
}
