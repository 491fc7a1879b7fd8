import Domain
import Foundation

/// The fields of the practice's settings that one form holds.
struct SettingsForm: Sendable {
    /// Fields under a heading.
    struct Group: Sendable {
        let heading: String
        /// What they are called as a whole by a style: `narrow`, `broad`, or nothing.
        var width = ""
        let fields: [FieldView]
    }

    /// What the page shows beside the fields; not `frame`, which templates look for further out.
    let formFrame: FormFrame
    let groups: [Group]
    /// The names of the form's switches: those that are off are not sent by a browser.
    let switches: String

    /// The name of the hidden input that holds `switches`.
    static let marker = "switches"

    /// Every switch of the settings, and the fields that the form had which held all of them.
    static let allSwitches = ["smsEnabled", "emailEnabled", "resendUnknown", "fallsBack", "keepsBirthDates"]
    static let wholeForm = ["name", "timeZone", "smsSendTime", "emailSendTime", "latestSendTime"]

    init(
        _ place: SettingsPlace,
        _ draft: PracticeDraft,
        _ problems: FormProblems,
        _ visit: Visit,
        usesFallback: Bool,
        saved: Bool = false
    ) {
        let maker = SettingsFields(draft: draft, problems: problems, visit: visit, usesFallback: usesFallback)
        var groups = maker.groups(of: place)
        let shown = Set(groups.flatMap { $0.fields.map(\.name) })
        // What was refused stands beside its field, also where this page does not show it otherwise.
        let further = maker.all.filter { !shown.contains($0.name) && !$0.problems.isEmpty }
        if !further.isEmpty { groups.append(Group(heading: visit.words("settings.further"), fields: further)) }
        self.groups = groups
        switches = groups.flatMap(\.fields).filter { $0.type == "checkbox" }.map(\.name).joined(separator: " ")
        formFrame = FormFrame(
            action: place.path,
            problems: problems,
            version: visit.practice.version,
            mayWrite: visit.mayConfigure,
            saved: saved
        )
    }
}

/// Makes the fields of the settings, each where it belongs.
struct SettingsFields: Sendable {
    let draft: PracticeDraft
    let problems: FormProblems
    let visit: Visit
    /// A number only stands in where a country has a registry.
    let usesFallback: Bool

    private var words: Words { visit.words }

    func groups(of place: SettingsPlace) -> [SettingsForm.Group] {
        switch place {
        case .practice:
            let region = regions.map { [$0] } ?? []
            return [group("practice", fields: [name, country] + region + [zone, birthDates])]
        case .reminders:
            return [
                group("sms", width: "pair", fields: [smsEnabled, smsSendTime]),
                group("email", width: "pair", fields: [emailEnabled, emailSendTime]),
                group("latest", width: "narrow", fields: [latestSendTime]),
                group("trouble", width: "broad", fields: [resends, fallsBack]),
                group("limits", width: "narrow", fields: [limit]),
            ]
        case .sender: return [group("sender", width: "narrow", fields: senders)]
        case .closingDays: return regions.map { [group("region", width: "narrow", fields: [$0])] } ?? []
        default:
            return [
                group("sms", width: "pair", fields: [smsEnabled, smsSendTime]),
                group("email", width: "pair", fields: [emailEnabled, emailSendTime]),
                group("sender", width: "narrow", fields: [sender]),
            ]
        }
    }

    /// Every field that may be refused.
    var all: [FieldView] {
        [name, country, regions, zone, smsEnabled, smsSendTime, emailEnabled, emailSendTime, latestSendTime].compactMap(
            \.self
        ) + senders + [resends, fallsBack, birthDates, limit]
    }

    private func group(_ key: String, width: String = "", fields: [FieldView]) -> SettingsForm.Group {
        SettingsForm.Group(heading: words("settings.group." + key), width: width, fields: fields)
    }

    private var name: FieldView {
        .make("name", draft.name, problems, autocomplete: "organization", isRequired: true)
    }

    private var zone: FieldView {
        .select("timeZone", draft.timeZone, problems, TimeZoneChoices.all(including: draft.timeZone))
    }

    private var country: FieldView {
        let known = ["AT", "DE", "CH"]
        let codes = known.contains(draft.country) ? known : known + [draft.country]
        let choices = codes.map { (value: $0, label: known.contains($0) ? words("country." + $0) : $0) }
        return .select("country", draft.country, problems, choices)
    }

    /// nil where all of the country has the same holidays.
    private var regions: FieldView? {
        guard let country = Country(rawValue: draft.country) else { return nil }
        let regions = PublicHolidays.regions(of: country)
        guard !regions.isEmpty else { return nil }
        let named = regions.map { (value: $0, label: words("region." + $0)) }.sorted { $0.label < $1.label }
        return .select("region", draft.region, problems, [(value: "", label: words("region.none"))] + named)
    }

    private var smsEnabled: FieldView { .checkbox("smsEnabled", draft.smsEnabled, problems) }
    private var emailEnabled: FieldView { .checkbox("emailEnabled", draft.emailEnabled, problems) }
    private var resends: FieldView { .checkbox("resendUnknown", draft.resendsUnknown, problems) }
    private var fallsBack: FieldView { .checkbox("fallsBack", draft.fallsBack, problems) }
    private var birthDates: FieldView { .checkbox("keepsBirthDates", draft.keepsBirthDates, problems) }

    private var smsSendTime: FieldView { sendTime("smsSendTime", draft.smsSendTime) }
    private var emailSendTime: FieldView { sendTime("emailSendTime", draft.emailSendTime) }

    private func sendTime(_ name: String, _ value: String) -> FieldView {
        .select(name, value, problems, SendTime.allCases.map { (value: $0.rawValue, label: $0.rawValue) })
    }

    private var latestSendTime: FieldView { .make("latestSendTime", draft.latestSendTime, problems, type: "time") }

    private var limit: FieldView {
        .make("smsMonthlyLimit", draft.smsMonthlyLimit, problems, autocomplete: "off", inputMode: "numeric")
    }

    private var sender: FieldView {
        var field = FieldView.make("senderId", draft.senderID, problems, autocomplete: "off")
        field.partial = "settings/sender-field"
        field.checkPath = SettingsPlace.sender.path + "/pruefen"
        if field.problems.isEmpty {
            let sender = SenderID(stored: draft.senderID.trimmingWhitespace())
            field.advice = SenderAdvice.sentences(sender, words)
        }
        return field
    }

    private var senders: [FieldView] {
        let isShown = usesFallback || !draft.fallbackSenderID.isEmpty
        let fallback = FieldView.make("fallbackSenderId", draft.fallbackSenderID, problems, autocomplete: "off")
        return isShown || !fallback.problems.isEmpty ? [sender, fallback] : [sender]
    }
}

extension FormData {
    /// The form's inputs in place of the draft's; what the form does not hold stays. A switch that is off is not sent:
    /// the form names those that it has. One that names none but holds all the rest has all of them.
    func practice(_ draft: PracticeDraft) -> PracticeDraft {
        var draft = draft
        take("name", into: &draft.name)
        take("timeZone", into: &draft.timeZone)
        take("country", into: &draft.country)
        take("region", into: &draft.region)
        take("senderId", into: &draft.senderID)
        take("fallbackSenderId", into: &draft.fallbackSenderID)
        take("smsMonthlyLimit", into: &draft.smsMonthlyLimit)
        take("smsSendTime", into: &draft.smsSendTime)
        take("emailSendTime", into: &draft.emailSendTime)
        take("latestSendTime", into: &draft.latestSendTime)
        let switches = shownSwitches
        take("smsEnabled", among: switches, into: &draft.smsEnabled)
        take("emailEnabled", among: switches, into: &draft.emailEnabled)
        take("resendUnknown", among: switches, into: &draft.resendsUnknown)
        take("fallsBack", among: switches, into: &draft.fallsBack)
        take("keepsBirthDates", among: switches, into: &draft.keepsBirthDates)
        return draft
    }

    private var shownSwitches: Set<String> {
        if has(SettingsForm.marker) { return Set(self[SettingsForm.marker].split(separator: " ").map(String.init)) }
        return SettingsForm.wholeForm.allSatisfy(has) ? Set(SettingsForm.allSwitches) : []
    }

    private func take(_ name: String, into value: inout String) {
        if has(name) { value = self[name] }
    }

    private func take(_ name: String, among shown: Set<String>, into value: inout Bool) {
        if shown.contains(name) || has(name) { value = isOn(name) }
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
