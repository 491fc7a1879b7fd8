import Domain
import Foundation
import Storage

/// The practice's settings, its locations and its practitioners.
struct SettingsPage: Sendable {
    struct Row: Sendable {
        let path: String
        let name: String
        let detail: String?
    }

    let lead: String
    let form: FormFrame
    let about: [FieldView]
    let senders: [FieldView]
    let switches: [FieldView]
    let times: [FieldView]
    let limits: [FieldView]
    let banners: [Banner]
    let locations: [Row]
    let practitioners: [Row]
    let mayConfigure: Bool
    let pausing: Pausing

    /// The button that holds everything back, or lets it go again.
    struct Pausing: Sendable {
        let isPaused: Bool
        let sentence: String
        let label: String
    }

    /// What was read beside the practice.
    struct House: Sendable {
        let locations: [Location]
        let practitioners: [Practitioner]
        let warnings: [ForecastWarning]
        /// The countries that the SMS go to.
        let recipients: Set<Country>
    }

    static func view(
        _ draft: PracticeDraft,
        _ house: House,
        _ problems: FormProblems,
        _ visit: Visit,
        saved: Bool = false
    ) -> SettingsPage {
        let words = visit.words
        let paused = visit.practice.paused
        return SettingsPage(
            lead: lead(visit.practice, words),
            form: FormFrame(
                action: "/einstellungen",
                problems: problems,
                version: visit.practice.version,
                mayWrite: visit.mayConfigure,
                saved: saved
            ),
            about: about(draft, problems),
            senders: senders(draft, house, problems),
            switches: switches(draft, problems),
            times: times(draft, problems),
            limits: [
                .make("smsMonthlyLimit", draft.smsMonthlyLimit, problems, autocomplete: "off", inputMode: "numeric")
            ],
            banners: Banner.all(house.warnings.filter { $0.code != .smsOff }, visit),
            locations: house.locations.map { location($0, visit) },
            practitioners: house.practitioners.map {
                Row(path: "/einstellungen/therapeuten/\($0.id)", name: $0.name, detail: $0.email?.value)
            },
            mayConfigure: visit.mayConfigure,
            pausing: Pausing(
                isPaused: paused,
                sentence: words(paused ? "settings.paused" : "settings.running"),
                label: words(paused ? "settings.resume" : "settings.pause")
            )
        )
    }

    private static func lead(_ practice: Practice, _ words: Words) -> String {
        guard practice.smsEnabled || practice.emailEnabled else { return words("settings.lead.off") }
        let time = practice.smsEnabled ? practice.smsSendTime : practice.emailSendTime
        return words("settings.lead", ["time": time.rawValue])
    }

    private static func about(_ draft: PracticeDraft, _ problems: FormProblems) -> [FieldView] {
        [
            .make("name", draft.name, problems, autocomplete: "organization", isRequired: true),
            .select("timeZone", draft.timeZone, problems, TimeZoneChoices.all(including: draft.timeZone)),
        ]
    }

    private static func senders(_ draft: PracticeDraft, _ house: House, _ problems: FormProblems) -> [FieldView] {
        var sender = FieldView.make("senderId", draft.senderID, problems, autocomplete: "off")
        if sender.problems.isEmpty {
            sender.advice = SenderAdvice.sentences(
                SenderID(stored: draft.senderID.trimmingWhitespace()),
                problems.words
            )
        }
        var fields: [FieldView] = [sender]
        // A number only stands in where a country has a registry.
        let isOfUse = SenderRules.registry(for: .alphanumeric, in: house.recipients) != nil
        if isOfUse || !draft.fallbackSenderID.isEmpty {
            fields.append(.make("fallbackSenderId", draft.fallbackSenderID, problems, autocomplete: "off"))
        }
        return fields
    }

    private static func switches(_ draft: PracticeDraft, _ problems: FormProblems) -> [FieldView] {
        [
            .checkbox("smsEnabled", draft.smsEnabled, problems),
            .checkbox("emailEnabled", draft.emailEnabled, problems),
            .checkbox("resendUnknown", draft.resendsUnknown, problems),
            .checkbox("fallsBack", draft.fallsBack, problems),
            .checkbox("keepsBirthDates", draft.keepsBirthDates, problems),
        ]
    }

    private static func times(_ draft: PracticeDraft, _ problems: FormProblems) -> [FieldView] {
        let offered = SendTime.allCases.map { (value: $0.rawValue, label: $0.rawValue) }
        return [
            .select("smsSendTime", draft.smsSendTime, problems, offered),
            .select("emailSendTime", draft.emailSendTime, problems, offered),
            .make("latestSendTime", draft.latestSendTime, problems, type: "time"),
        ]
    }

    private static func location(_ location: Location, _ visit: Visit) -> Row {
        let sender = (location.sender ?? visit.practice.sender)?.value
        let detail = [location.address, sender ?? visit.words("sender.none")].filter { !$0.isEmpty }
        return Row(
            path: "/einstellungen/standorte/\(location.id)",
            name: location.name,
            detail: detail.joined(separator: " · ")
        )
    }
}

/// The zones that a practice of Europe may lie in.
enum TimeZoneChoices {
    static func all(including current: String) -> [(value: String, label: String)] {
        let near = TimeZone.knownTimeZoneIdentifiers.filter { $0.hasPrefix("Europe/") || $0.hasPrefix("Atlantic/") }
        let named = near.contains(current) || current.isEmpty ? near : near + [current]
        return named.sorted().map { (value: $0, label: $0.replacingOccurrences(of: "_", with: " ")) }
    }
}
