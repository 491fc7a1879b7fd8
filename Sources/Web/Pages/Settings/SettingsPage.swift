import Domain
import Foundation
import Storage

/// The overview of the settings: does everything work, what goes out when, and what is still to be done.
struct SettingsPage: Sendable {
    let lead: String
    let times: String
    let banners: [Banner]
    let firstSteps: FirstSteps?
    let form: FormFrame
    let settings: SettingsForm
    let pausing: Pausing

    /// What was read beside the practice.
    struct House: Sendable {
        let locations: [Location]
        let warnings: [ForecastWarning]
        /// The countries that the SMS go to.
        let recipients: Set<Country>
        let setup: PracticeSetup

        var usesFallback: Bool { SenderRules.registry(for: .alphanumeric, in: recipients) != nil }
    }

    static func view(
        _ draft: PracticeDraft,
        _ house: House,
        _ problems: FormProblems,
        _ visit: Visit,
        saved: Bool = false
    ) -> SettingsPage {
        let words = visit.words
        let banners = Banner.all(house.warnings.filter { $0.code != .smsOff }, visit)
        let settings = SettingsForm(
            .overview,
            draft,
            problems,
            visit,
            usesFallback: house.usesFallback,
            saved: saved
        )
        return SettingsPage(
            lead: lead(visit, missing: banners.filter(\.isUrgent).count),
            times: SettingsWords.times(visit.practice, words),
            banners: banners,
            firstSteps: FirstSteps(house, visit),
            form: settings.formFrame,
            settings: settings,
            pausing: Pausing(visit)
        )
    }

    private static func lead(_ visit: Visit, missing: Int) -> String {
        let practice = visit.practice
        if practice.paused { return visit.words("settings.lead.paused") }
        guard practice.smsEnabled || practice.emailEnabled else { return visit.words("settings.lead.off") }
        return missing == 0
            ? visit.words("settings.lead.ready") : visit.words.counted("settings.lead.missing", missing)
    }
}

/// Sentences about the settings as they are.
enum SettingsWords {
    /// What goes out when; what is off, too.
    static func times(_ practice: Practice, _ words: Words) -> String {
        let key: String
        switch (practice.smsEnabled, practice.emailEnabled) {
        case (true, true): key = practice.smsSendTime == practice.emailSendTime ? "both" : "each"
        case (true, false): key = "sms"
        case (false, true): key = "email"
        case (false, false): key = "none"
        }
        return words(
            "settings.times." + key,
            [
                "sms": practice.smsSendTime.rawValue, "email": practice.emailSendTime.rawValue,
                "latest": practice.latestSendTime.description,
            ]
        )
    }
}

/// The button that holds everything back, or lets it go again.
struct Pausing: Sendable {
    let isPaused: Bool
    let sentence: String
    let label: String
    let mayPause: Bool

    init(_ visit: Visit) {
        isPaused = visit.practice.paused
        sentence = visit.words(isPaused ? "settings.paused" : "settings.running")
        label = visit.words(isPaused ? "settings.resume" : "settings.pause")
        mayPause = visit.mayConfigure
    }
}

/// One part of the settings as a page of its own.
struct SettingsFormPage: Sendable {
    let lead: String
    let advice: String
    let form: FormFrame
    let settings: SettingsForm
    /// nil where nothing is held back from here.
    let pausing: Pausing?

    static func view(_ place: SettingsPlace, _ settings: SettingsForm, _ visit: Visit) -> SettingsFormPage {
        let words = visit.words
        return SettingsFormPage(
            lead: place == .reminders
                ? SettingsWords.times(visit.practice, words)
                : words("settings.practice.lead", ["zone": visit.practice.timeZone.identifier]),
            advice: words("settings.\(place.rawValue).advice"),
            form: settings.formFrame,
            settings: settings,
            pausing: place == .reminders ? Pausing(visit) : nil
        )
    }
}
