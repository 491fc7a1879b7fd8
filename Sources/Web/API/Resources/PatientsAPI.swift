import Domain
import Foundation
import Hummingbird
import Storage

/// `/patients`: master data, searched and pushed in.
enum PatientsAPI {
    static let routes = [
        APIRoute(.get, "/patients", list),
        APIRoute(.post, "/patients", create),
        APIRoute(.get, "/patients/:id") { call in
            let patient = try await call.storage.patients.find(call.id(), call.practice.id)
            return call.resource(render(patient, call), version: patient.version)
        },
        APIRoute(.patch, "/patients/:id", change),
        APIRoute(.delete, "/patients/:id", delete),
    ]

    private static func list(_ call: APICall) async throws -> APIAnswer {
        let filter = PatientFilter(
            search: call.query["q"],
            externalID: call.query["externalId"],
            changedSince: try call.query.instant("changedSince", zone: call.practice.timeZone)
        )
        return .list(
            .patients,
            try await call.storage.patients.list(call.practice.id, filter, call.query.page(of: .patients)),
            { render($0, call) }
        )
    }

    private static func create(_ call: APICall) async throws -> APIAnswer {
        var patch = try call.patch()
        var draft = PatientDraft()
        take(&patch, into: &draft)
        try patch.finish()
        let patient = try await call.storage.patients.create(
            call.practice.id,
            draft,
            by: Actor(call.token),
            now: call.now
        )
        return .created(render(patient, call), version: patient.version)
    }

    private static func change(_ call: APICall) async throws -> APIAnswer {
        let id: Patient.ID = try call.id()
        let patch = try call.patch()
        let expected = try await expected(call, id)
        let patient = try await call.storage.patients.change(
            id,
            call.practice.id,
            expecting: expected,
            by: Actor(call.token),
            now: call.now
        ) {
            var patch = patch
            take(&patch, into: &$0)
            try patch.finish()
        }
        return .changed(render(patient, call), version: patient.version)
    }

    private static func delete(_ call: APICall) async throws -> APIAnswer {
        let id: Patient.ID = try call.id()
        let expected = try await expected(call, id)
        // An erasure that is asked for goes through, as it always did; who wants to be warned first says so.
        let isUnaware = try call.query["acknowledgeSent"] != nil && !call.query.flag("acknowledgeSent")
        try await call.storage.patients.delete(
            id,
            call.practice.id,
            expecting: expected,
            knowing: isUnaware ? .nothing : .everything,
            now: call.now
        )
        return .noContent
    }

    private static func expected(_ call: APICall, _ id: Patient.ID) async throws -> Int64? {
        try await call.expecting { try await call.storage.patients.find(id, call.practice.id).version }
    }

    private static func take(_ patch: inout MergePatch, into draft: inout PatientDraft) {
        patch.take("firstName", into: &draft.firstName)
        patch.take("lastName", into: &draft.lastName)
        patch.take("mobile", into: &draft.mobile)
        patch.take("email", into: &draft.email)
        patch.take("reminderKind", into: &draft.reminderKind)
        patch.take("smsConsent", into: &draft.smsConsent)
        patch.take("emailConsent", into: &draft.emailConsent)
        patch.take("externalId", into: &draft.externalID)
        patch.take("birthDate", into: &draft.birthDate)
        patch.take("contactName", into: &draft.contactName)
        patch.take("contactRelation", into: &draft.contactRelation)
        patch.take("contactMobile", into: &draft.contactMobile)
        patch.take("contactEmail", into: &draft.contactEmail)
        patch.take("reachesContact", into: &draft.reachesContact)
        draft.smsConsentMeans = ConsentEntry.Means.interface.rawValue
        draft.emailConsentMeans = ConsentEntry.Means.interface.rawValue
    }

    private static func render(_ patient: Patient, _ call: APICall) -> JSONValue {
        [
            "id": .string(patient.id.description),
            "firstName": .string(patient.firstName),
            "lastName": .string(patient.lastName),
            "mobile": .optional(patient.mobile?.e164),
            "email": .optional(patient.email?.value),
            "reminderKind": .string(patient.reminderKind.rawValue),
            "smsConsent": .string(patient.smsConsent.rawValue),
            "emailConsent": .string(patient.emailConsent.rawValue),
            "externalId": .optional(patient.externalID),
            "birthDate": .optional(call.practice.keepsBirthDates ? patient.birthDate?.iso : nil),
            "contactName": .string(patient.contact.name),
            "contactRelation": .string(patient.contact.relation),
            "contactMobile": .optional(patient.contact.mobile?.e164),
            "contactEmail": .optional(patient.contact.email?.value),
            "reachesContact": .bool(patient.reachesContact),
        ]
    }
}
