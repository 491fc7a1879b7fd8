import Domain
import Foundation
import Hummingbird
import Storage

/// `/practice`: the settings of the token's own practice.
enum PracticeAPI {
    static let routes = [
        APIRoute(.get, "/practice") { $0.resource(render($0.practice), version: $0.practice.version) },
        APIRoute(.patch, "/practice", change),
    ]

    private static func change(_ call: APICall) async throws -> APIAnswer {
        let patch = try call.patch()
        let expected = try await call.expecting { call.practice.version }
        let practice = try await call.storage.practices.change(call.practice.id, expecting: expected, now: call.now) {
            var patch = patch
            take(&patch, into: &$0)
            try patch.finish()
        }
        return .changed(render(practice), version: practice.version)
    }

    private static func take(_ patch: inout MergePatch, into draft: inout PracticeDraft) {
        patch.take("name", into: &draft.name)
        patch.take("timeZone", into: &draft.timeZone)
        patch.take("country", into: &draft.country)
        patch.take("region", into: &draft.region)
        patch.take("language", into: &draft.language)
        patch.take("smsEnabled", into: &draft.smsEnabled)
        patch.take("emailEnabled", into: &draft.emailEnabled)
        patch.take("smsSendTime", into: &draft.smsSendTime)
        patch.take("emailSendTime", into: &draft.emailSendTime)
        patch.take("senderId", into: &draft.senderID)
        patch.take("fallbackSenderId", into: &draft.fallbackSenderID)
        patch.takeNumber("smsMonthlyLimit", into: &draft.smsMonthlyLimit)
        patch.take("latestSendTime", into: &draft.latestSendTime)
        patch.take("resendUnknown", into: &draft.resendsUnknown)
        patch.take("fallsBack", into: &draft.fallsBack)
        patch.take("keepsBirthDates", into: &draft.keepsBirthDates)
        patch.take("linksEnabled", into: &draft.linksEnabled)
        patch.take("emailSubject", into: &draft.emailSubject)
        patch.take("emailBody", into: &draft.emailBody)
        patch.take("reportTo", into: &draft.reportTo)
    }

    private static func render(_ practice: Practice) -> JSONValue {
        [
            "id": .string(practice.id.description),
            "name": .string(practice.name),
            "timeZone": .string(practice.timeZone.identifier),
            "country": .string(practice.country.rawValue),
            "region": .string(practice.region),
            "language": .string(practice.language.rawValue),
            "smsEnabled": .bool(practice.smsEnabled),
            "emailEnabled": .bool(practice.emailEnabled),
            "smsSendTime": .string(practice.smsSendTime.rawValue),
            "emailSendTime": .string(practice.emailSendTime.rawValue),
            "senderId": .optional(practice.sender?.value),
            "fallbackSenderId": .optional(practice.fallbackSender?.value),
            "smsMonthlyLimit": practice.smsMonthlyLimit.map { .integer(Int64($0)) } ?? .null,
            "latestSendTime": .string(practice.latestSendTime.description),
            "resendUnknown": .bool(practice.resendsUnknown),
            "fallsBack": .bool(practice.fallsBack),
            "keepsBirthDates": .bool(practice.keepsBirthDates),
            "linksEnabled": .bool(practice.linksEnabled),
            "emailSubject": .optional(practice.emailSubject?.source),
            "emailBody": .optional(practice.emailBody?.source),
            "reportTo": .optional(practice.reportTo?.value),
        ]
    }
}
