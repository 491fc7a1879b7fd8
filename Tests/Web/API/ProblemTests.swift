import Domain
import Foundation
import Storage
import Testing

@testable import Web

/// Problem documents, RFC 9457.
struct ProblemTests {
    private func document(_ problem: Problem) -> JSONValue { problem.document { "sentence of \($0.code.rawValue)" } }

    @Test func `Broken rules are told with field, code and sentence`() throws {
        let list = ProblemList([
            FieldProblem("mobile", .mobileInvalid, ["reason": "too_short"]),
            FieldProblem("closingText", .textNotGSM, ["character": "x", "suggestion": "y", "offset": "3"]),
        ])
        let problem = try #require(Problem(list))
        #expect(document(problem)["status"] == 422)
        #expect(
            document(problem)["errors"] == [
                ["field": "mobile", "code": "mobile.invalid", "message": "sentence of mobile.invalid"],
                [
                    "field": "closingText", "code": "text.not_gsm", "message": "sentence of text.not_gsm",
                    "character": "x", "suggestion": "y",
                ],
            ]
        )
    }

    @Test func `A late change tells when the message went out, in the practice's zone`() throws {
        let zone = try #require(TimeZone(identifier: "Europe/Vienna"))
        let sentAt = try #require(RFC3339.parse("2027-03-03T06:00:05Z")).instant
        let told = ToldMessage(
            appointment: Appointment.ID(1),
            start: try #require(WallTime(iso: "2027-03-04T10:30")),
            patient: Patient.ID(1),
            channel: .sms,
            sentAt: sentAt
        )
        let problem = Problem.late(try #require(LateChange([told])), zone: zone)
        #expect(document(problem)["status"] == 409)
        #expect(document(problem)["sentAt"] == "2027-03-03T07:00:05+01:00")
        #expect(document(problem)["errors"]?[0]?["code"] == "reminder.already_sent")
        #expect(document(problem)["errors"]?[0]?["field"] == "acknowledgeSent")
    }

    @Test(arguments: [(.notFound, 404), (.stale, 412)] as [(StorageError, Int64)])
    func `What the storage refuses has its status`(error: StorageError, status: Int64) throws {
        let problem = try #require(Problem(error))
        #expect(document(problem)["status"] == .integer(status))
        #expect(document(problem)["type"] == "about:blank")
        #expect(document(problem)["errors"] == nil)
    }

    @Test func `An error of the server's own is no problem of the caller`() {
        #expect(Problem(StorageError.wrongKey) == nil)
        #expect(Problem(CancellationError()) == nil)
    }
}

extension JSONValue {
    fileprivate subscript(index: Int) -> JSONValue? {
        guard case .array(let items) = self, items.indices.contains(index) else { return nil }
        return items[index]
    }
}
