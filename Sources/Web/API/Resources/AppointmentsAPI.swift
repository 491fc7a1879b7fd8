import Domain
import Foundation
import Hummingbird
import Storage

/// `/appointments` and what becomes of their reminders.
enum AppointmentsAPI {
    static let routes = [
        APIRoute(.get, "/appointments", list),
        APIRoute(.post, "/appointments", create),
        APIRoute(.get, "/appointments/:id") { call in
            let appointment = try await call.storage.appointments.find(call.id(), call.practice.id)
            return call.resource(.object(render(appointment)), version: appointment.version)
        },
        APIRoute(.patch, "/appointments/:id", change),
        APIRoute(.delete, "/appointments/:id", cancel),
        APIRoute(.get, "/appointments/:id/reminders", reminders),
    ]

    private static func list(_ call: APICall) async throws -> APIAnswer {
        let zone = call.practice.timeZone
        let filter = AppointmentFilter(
            from: try call.query.instant("from", zone: zone),
            to: try call.query.end("to", zone: zone),
            externalID: call.query["externalId"],
            changedSince: try call.query.instant("changedSince", zone: zone),
            patientID: try call.query.id("patientId")
        )
        let page = try await call.storage.appointments.list(
            call.practice.id,
            filter,
            call.query.page(of: .appointments)
        )
        return .list(.appointments, page) { .object(render($0)) }
    }

    private static func create(_ call: APICall) async throws -> APIAnswer {
        var patch = try call.patch()
        var draft = AppointmentDraft()
        try takeAnswer(&patch)
        take(&patch, into: &draft)
        try patch.finish()
        let outcome = try await call.storage.appointments.create(
            call.practice.id,
            draft,
            origin: .person,
            now: call.now
        )
        return .created(render(outcome, call), version: outcome.appointment.version)
    }

    private static func change(_ call: APICall) async throws -> APIAnswer {
        let id: Appointment.ID = try call.id()
        var patch = try call.patch()
        let answer = try takeAnswer(&patch)
        let expected = try await expected(call, id)
        let outcome = try await call.storage.appointments.change(
            id,
            call.practice.id,
            expecting: expected,
            answer: answer,
            now: call.now
        ) { [patch] in
            var patch = patch
            take(&patch, into: &$0)
            try patch.finish()
        }
        return .changed(render(outcome, call), version: outcome.appointment.version)
    }

    private static func cancel(_ call: APICall) async throws -> APIAnswer {
        let id: Appointment.ID = try call.id()
        let answer = answer(
            acknowledged: try call.query.flag("acknowledgeSent"),
            correction: try call.query.flag("sendCorrection")
        )
        let expected = try await expected(call, id)
        _ = try await call.storage.appointments.cancel(
            id,
            call.practice.id,
            expecting: expected,
            answer: answer,
            now: call.now
        )
        return .noContent
    }

    private static func reminders(_ call: APICall) async throws -> APIAnswer {
        let appointment = try await call.storage.appointments.find(call.id(), call.practice.id)
        let standings = try await call.storage.reminders.of(appointment.id, call.practice.id, now: call.now)
        let items = standings.map { standing -> JSONValue in
            [
                "channel": .string(standing.reminder.channel.rawValue),
                "purpose": .string(standing.reminder.purpose.rawValue),
                "dueAt": .string(RFC3339.format(standing.reminder.dueAt, in: appointment.timeZone)),
                "state": .string(standing.stateWord),
                "reason": call.reason(standing.reason, standing.reminder.channel),
                "messageId": .optional(standing.reminder.messageID?.description),
            ]
        }
        return APIAnswer(.ok, ["items": .array(items), "next": .null])
    }

    private static func expected(_ call: APICall, _ id: Appointment.ID) async throws -> Int64? {
        try await call.expecting { try await call.storage.appointments.find(id, call.practice.id).version }
    }
}

extension AppointmentsAPI {
    /// What the caller says to the warning of rule 11.
    @discardableResult
    private static func takeAnswer(_ patch: inout MergePatch) throws -> LateChangeAnswer {
        var acknowledged = false
        var correction = false
        patch.take("acknowledgeSent", into: &acknowledged)
        patch.take("sendCorrection", into: &correction)
        return answer(acknowledged: acknowledged, correction: correction)
    }

    private static func answer(acknowledged: Bool, correction: Bool) -> LateChangeAnswer {
        acknowledged ? .acknowledged(sendCorrection: correction) : .unasked
    }

    private static func take(_ patch: inout MergePatch, into draft: inout AppointmentDraft) {
        patch.take("patientId", into: &draft.patientID)
        patch.take("locationId", into: &draft.locationID)
        patch.take("practitionerId", into: &draft.practitionerID)
        patch.takeInstant("start", into: &draft.start)
        patch.takeInstant("end", into: &draft.end)
        patch.take("status", into: &draft.status)
        patch.take("reminderKind", into: &draft.reminderKind)
        patch.take("externalId", into: &draft.externalID)
    }

    /// An appointment with why its reminder kind is less than hoped for, and what the patient was not told.
    private static func render(_ outcome: AppointmentOutcome, _ call: APICall) -> JSONValue {
        let notices = JSONValue.array((outcome.notices + outcome.uncorrected).map { $0.json(call.sentence) })
        return .object(render(outcome.appointment) + [.init(name: "notices", value: notices)])
    }

    private static func render(_ appointment: Appointment) -> [JSONValue.Member] {
        let zone = appointment.timeZone
        let members: KeyValuePairs<String, JSONValue> = [
            "id": .string(appointment.id.description),
            "patientId": .string(appointment.patientID.description),
            "locationId": .string(appointment.locationID.description),
            "practitionerId": .optional(appointment.practitionerID?.description),
            "start": .string(RFC3339.format(appointment.start, in: zone)),
            "end": .string(RFC3339.format(appointment.end, in: zone)),
            "timeZone": .string(zone.identifier),
            "status": .string(appointment.status.rawValue),
            "reminderKind": .string(appointment.reminderKind.rawValue),
            "externalId": .optional(appointment.externalID),
            "seriesId": .optional(appointment.seriesID?.description),
        ]
        return members.map { JSONValue.Member(name: $0.key, value: $0.value) }
    }
}
