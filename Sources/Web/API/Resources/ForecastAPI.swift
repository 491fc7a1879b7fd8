import Domain
import Foundation
import Hummingbird
import Storage

/// `/forecast`: what will go out when, and for each that will not: why.
enum ForecastAPI {
    static let routes = [APIRoute(.get, "/forecast", forecast)]

    private static func forecast(_ call: APICall) async throws -> APIAnswer {
        let days = try call.query.number("days", in: 1...366, standard: 14)
        let lines = try await call.storage.forecast.of(call.practice.id, days: days, now: call.now)
        let warnings = try await call.storage.forecast.warnings(call.practice.id, now: call.now)
        let words = Words(call.services.catalogue, call.practice.language)
        return APIAnswer(
            .ok,
            [
                "items": .array(lines.map { render($0, call) }), "next": .null,
                "warnings": .array(
                    warnings.map { warning in
                        [
                            "code": .string(warning.code.rawValue), "message": .string(words.sentence(warning)),
                            "locationIds": .array(warning.locations.map { .string($0.id.description) }),
                        ]
                    }
                ),
            ]
        )
    }

    private static func render(_ line: ForecastLine, _ call: APICall) -> JSONValue {
        let zone = line.appointment.timeZone
        return [
            "appointmentId": .string(line.appointment.id.description),
            "patientId": .string(line.patient.id.description),
            "locationId": .string(line.location.id.description),
            "start": .string(RFC3339.format(line.appointment.start, in: zone)),
            "channel": .optional(line.channel?.rawValue),
            "dueAt": .optional(line.dueAt.map { RFC3339.format($0, in: zone) }),
            "willBeSent": .bool(line.channel != nil && line.reason == nil),
            "reason": reason(line, call),
        ]
    }

    /// What stands against the reminder now, else why the appointment has none though the patient wishes one.
    private static func reason(_ line: ForecastLine, _ call: APICall) -> JSONValue {
        if line.reason != nil { return call.reason(line.reason, line.channel ?? .sms) }
        guard line.channel == nil, let code = line.shortfall.first else { return .null }
        let problem = FieldProblem("reminderKind", code)
        return ["code": .string(code.rawValue), "message": .string(call.sentence(problem))]
    }
}
