import Domain
import Foundation
import Storage

/// A location: its name, its sender, and the words that it adds to its reminders.
struct LocationPage: Sendable {
    let lead: String
    let form: FormFrame
    let fields: [FieldView]
    let senders: [FieldView]
    let registration: RegistrationView?
    let closingText: FieldView
    let phone: PhoneView
    /// nil for a location that is not there yet.
    let mailTextPath: String?
    let deletePath: String?

    static func view(
        _ draft: LocationDraft,
        _ existing: Location?,
        _ problems: FormProblems,
        _ recipients: Set<Country>,
        _ visit: Visit,
        saved: Bool = false
    ) -> LocationPage {
        let words = visit.words
        let path = "/einstellungen/standorte/" + (existing.map { $0.id.description } ?? "neu")
        var closingText = FieldView.make("closingText", draft.closingText, problems)
        // The preview beside it marks each character and says the same.
        closingText.suggestion = nil
        closingText.partial = "parts/area"
        if let address = visit.storage.links.address(visit.practice) {
            closingText.hint = words("links.room", LinkRoom(address).arguments)
        }
        var phone = preview(draft.closingText, sender: draft.senderID, visit)
        // A refused form says it beside the field already.
        if !closingText.problems.isEmpty { phone.problems = [] }
        return LocationPage(
            lead: existing?.name ?? words("location.new"),
            form: FormFrame(
                action: path,
                problems: problems,
                version: existing?.version,
                mayWrite: visit.mayConfigure,
                saved: saved
            ),
            fields: [
                .make("name", draft.name, problems, autocomplete: "off", isRequired: true),
                .make("address", draft.address, problems, autocomplete: "off"),
                zone(draft, problems, visit),
            ],
            senders: [sender(draft, existing, problems, visit)],
            registration: RegistrationView(draft, problems, recipients, visit),
            closingText: closingText,
            phone: phone,
            mailTextPath: existing.map { "/einstellungen/e-mail-texte/\($0.id)" },
            deletePath: existing != nil && visit.mayConfigure ? path + "/loeschen" : nil
        )
    }

    private static func zone(_ draft: LocationDraft, _ problems: FormProblems, _ visit: Visit) -> FieldView {
        let inherited = visit.words("timezone.practice", ["zone": visit.practice.timeZone.identifier])
        let zones = [(value: "", label: inherited)] + TimeZoneChoices.all(including: draft.timeZone)
        return .select("timeZone", draft.timeZone, problems, zones)
    }

    private static func sender(
        _ draft: LocationDraft,
        _ existing: Location?,
        _ problems: FormProblems,
        _ visit: Visit
    ) -> FieldView {
        var field = FieldView.make("senderId", draft.senderID, problems, autocomplete: "off")
        field.partial = "settings/sender-field"
        field.checkPath = SettingsPlace.locations.path + "/" + (existing.map { "\($0.id)" } ?? "neu") + "/pruefen"
        field.hint = [field.hint, visit.words("sender.inherited")].compactMap(\.self).joined(separator: " ")
        if problems.of("senderId").isEmpty {
            field.advice = SenderAdvice.sentences(SenderAdvice.sender(draft, visit.practice).sender, visit.words)
        }
        return field
    }

    /// The reminder of an appointment in a week, half past ten.
    static func preview(_ closingText: String, sender: String, _ visit: Visit) -> PhoneView {
        let start = WallTime(date: visit.today.adding(days: 7), hour: 10, minute: 30)
        let own = sender.trimmingWhitespace()
        return PhoneView(
            closingText,
            start: start,
            sender: own.isEmpty ? visit.practice.sender?.value : own,
            address: visit.storage.links.address(visit.practice),
            visit.words
        )
    }
}
