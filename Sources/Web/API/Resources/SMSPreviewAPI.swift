import Domain
import Foundation
import Hummingbird
import Storage

/// `/sms/preview`: a reminder as a patient would read it, and what is wrong with its closing text (rule 6).
enum SMSPreviewAPI {
    static let routes = [APIRoute(.post, "/sms/preview", writes: false, preview)]

    /// Septets of one SMS (3GPP TS 23.038 §4).
    private static let septetsOfOne: Int64 = 160

    private static func preview(_ call: APICall) async throws -> APIAnswer {
        var patch = try call.patch()
        var locationID = ""
        var closingText: String?
        var start = ""
        patch.take("locationId", into: &locationID)
        patch.take("closingText", into: &closingText)
        patch.takeInstant("start", into: &start)
        try patch.finish()
        let location = try await location(locationID, call)
        let wall = wallTime(start, location.timeZone ?? call.practice.timeZone, call.now)
        return APIAnswer(.ok, render(closingText ?? location.closingText.value, wall, call))
    }

    private static func location(_ text: String, _ call: APICall) async throws -> Location {
        if text.isEmpty {
            let all = try await call.storage.locations.all(call.practice.id)
            guard all.count == 1 else { throw FieldProblem("locationId", .fieldRequired) }
            return all[0]
        }
        guard let id = Location.ID(text) else { throw FieldProblem("locationId", .referenceUnknown) }
        do {
            return try await call.storage.locations.find(id, call.practice.id)
        } catch StorageError.notFound {
            throw FieldProblem("locationId", .referenceUnknown)
        }
    }

    /// The given start, else the full hour in a week.
    private static func wallTime(_ start: String, _ zone: TimeZone, _ now: Date) -> WallTime {
        if let read = RFC3339.parse(start) { return WallTime.of(read.instant, in: zone) }
        let today = WallTime.of(now, in: zone)
        return WallTime(date: today.date.adding(days: 7), hour: today.hour, minute: 0)
    }

    private static func render(_ closingText: String, _ start: WallTime, _ call: APICall) -> JSONValue {
        let address = call.storage.links.address(call.practice)
        let maximum = address?.closingTextMaximum ?? ClosingText.maximumSeptets
        var text = ReminderText.predefinedPart(start) + ClosingText.normalised(closingText)
        if let address { text += text.hasSuffix(" ") ? address.example : " " + address.example }
        let encoding = SMSEncoding.of(text)
        // Where characters are outside the alphabet, those of the suggested spellings are counted, as the rule does.
        let septets = Int64(GSM0338.septets(of: GSM0338.spelled(text)) ?? encoding.units)
        return [
            "text": .string(text),
            "encoding": encoding.alphabet == .gsm ? "GSM-7" : "UCS-2",
            "septets": .integer(septets),
            "remaining": .integer(septetsOfOne - septets),
            "segments": .integer(Int64(encoding.segments)),
            "problems": .array(ClosingText.problems(in: closingText, maximum: maximum).map { $0.json(call.sentence) }),
        ]
    }
}
