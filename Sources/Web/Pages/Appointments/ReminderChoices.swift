import Domain
import Foundation
import Storage

/// The kinds of reminder to choose from: all are visible; one that is not possible says why, and how to mend it.
struct ReminderChoices: Sendable {
    struct Obstacle: Sendable {
        let sentence: String
        let mendPath: String?
        let mendLabel: String?
    }

    struct Choice: Sendable {
        let value: String
        let label: String
        let detail: String?
        let isChosen: Bool
        let isImpossible: Bool
        let obstacles: [Obstacle]
    }

    let choices: [Choice]
    let preselected: String
    let problems: [String]
    let phone: PhoneView?
    let email: String?

    /// What the choices depend on.
    struct Circumstances: Sendable {
        let offer: ReminderOffer
        let patient: Patient?
        let location: Location?
        let start: WallTime?
        /// When the appointment starts, as an instant.
        let startsAt: Date?
        /// The appointment that is edited.
        let existing: Appointment?
    }

    static func view(
        _ form: AppointmentForm,
        _ given: Circumstances,
        _ problems: FormProblems,
        _ visit: Visit
    ) -> ReminderChoices {
        let words = visit.words
        let preselected = preselected(given)
        let chosen = chosen(form, given, preselected)
        var choices = ReminderKind.allCases.map { choice($0, chosen, given, visit) }
        if preselected.isEmpty {
            let inherited = Choice(
                value: "",
                label: words("kind.inherited"),
                detail: words("kind.inherited.detail"),
                isChosen: chosen.isEmpty,
                isImpossible: false,
                obstacles: []
            )
            choices.insert(inherited, at: 0)
        }
        let channels = chosen.isEmpty ? ReminderKind.none.channels : ReminderKind(rawValue: chosen)?.channels ?? []
        let sender = sender(given, at: visit.now)?.value
        let phone = given.start.flatMap { start in
            channels.contains(.email) && !channels.contains(.sms)
                ? nil : phoneView(given.location?.closingText ?? .empty, start, sender, visit)
        }
        return ReminderChoices(
            choices: choices,
            preselected: preselected,
            problems: problems.of("reminderKind"),
            phone: phone,
            email: channels.contains(.email) ? words("reminder.email_hint") : nil
        )
    }

    /// As it would leave: a link that finds no room stays away.
    private static func phoneView(
        _ text: ClosingText,
        _ start: WallTime,
        _ sender: String?,
        _ visit: Visit
    ) -> PhoneView {
        let address = visit.storage.links.address(visit.practice)
        let fits = address.map { text.septets <= $0.closingTextMaximum } ?? false
        return PhoneView(text.value, start: start, sender: sender, address: fits ? address : nil, visit.words)
    }

    /// What the patient's phone shows; without a patient the sender as it is set.
    private static func sender(_ given: Circumstances, at now: Date) -> SenderID? {
        let practice = given.offer.practice
        let sender =
            given.location.map { LocationSender($0, practice) }
            ?? LocationSender(practice.sender, fallback: practice.fallbackSender)
        guard let mobile = given.patient?.mobile else { return sender.sender }
        return sender.sender(to: mobile, at: now)
    }

    /// What the form offers by itself: the possible part of the preferred kind, or what the appointment has.
    private static func preselected(_ given: Circumstances) -> String {
        guard let wanted = given.existing?.reminderKind ?? given.patient.map({ _ in given.offer.preferred }) else {
            return ""
        }
        return ReminderKind(wanted.channels.filter { obstacles(to: $0, given).isEmpty }).rawValue
    }

    private static func chosen(_ form: AppointmentForm, _ given: Circumstances, _ preselected: String) -> String {
        guard form.isKindChosen, let kind = ReminderKind(rawValue: form.kind) else { return preselected }
        return kind.channels.allSatisfy { obstacles(to: $0, given).isEmpty } ? form.kind : preselected
    }

    /// A channel that the appointment has already is not judged again while the start stays (rule 2).
    private static func obstacles(to channel: Channel, _ given: Circumstances) -> [FieldProblem] {
        if let existing = given.existing, existing.reminderKind.channels.contains(channel),
            existing.start == given.startsAt
        {
            return []
        }
        return given.offer.obstacles[channel] ?? []
    }

    private static func choice(
        _ kind: ReminderKind,
        _ chosen: String,
        _ given: Circumstances,
        _ visit: Visit
    ) -> Choice {
        let channels = Channel.allCases.filter(kind.channels.contains)
        let problems = channels.flatMap { obstacles(to: $0, given) }
        let distinct = problems.reduce(into: [FieldProblem]()) { if !$0.contains($1) { $0.append($1) } }
        return Choice(
            value: kind.rawValue,
            label: visit.words("kind." + kind.rawValue),
            detail: distinct.isEmpty ? detail(kind, channels, given, visit) : nil,
            isChosen: kind.rawValue == chosen,
            isImpossible: !distinct.isEmpty,
            obstacles: distinct.map { obstacle($0, given, visit) }
                + (channels.contains(.email) ? doubts(given, visit) : [])
        )
    }

    /// What speaks against a kind that can be chosen all the same: e-mails to the address came back.
    private static func doubts(_ given: Circumstances, _ visit: Visit) -> [Obstacle] {
        guard let patient = given.patient, let sentence = EmailBounceNote.sentence(patient, visit) else { return [] }
        return [
            Obstacle(
                sentence: sentence,
                mendPath: "/patienten/\(patient.id)#email",
                mendLabel: visit.words("bounce.mend")
            )
        ]
    }

    /// `am Do 11.03., 07:00`, and whether the patient prefers this kind.
    private static func detail(
        _ kind: ReminderKind,
        _ channels: [Channel],
        _ given: Circumstances,
        _ visit: Visit
    ) -> String? {
        let words = visit.words
        let zone = given.existing?.timeZone ?? given.location?.timeZone ?? given.offer.practice.timeZone
        let due = channels.compactMap { given.offer.dueAt[$0] }.filter { $0 > visit.now }.map {
            words.short(WallTime.of($0, in: zone))
        }
        var parts: [String] = []
        if let first = due.first { parts.append(words("kind.due", ["moment": first])) }
        if given.patient != nil, given.offer.preferred == kind { parts.append(words("kind.preferred")) }
        return parts.isEmpty ? nil : parts.joined(separator: " · ")
    }

    private static func obstacle(_ problem: FieldProblem, _ given: Circumstances, _ visit: Visit) -> Obstacle {
        let words = visit.words
        var path: String?
        switch problem.code {
        case .reminderTooLate:
            guard let startsAt = given.startsAt else { break }
            let zone = given.location?.timeZone ?? given.offer.practice.timeZone
            let until = words.moment(WallTime.of(FortyEightHours.choosableUntil(start: startsAt), in: zone))
            return Obstacle(sentence: words("obstacle.too_late", ["until": until]), mendPath: nil, mendLabel: nil)
        case .reminderNoMobile: path = given.patient.map { "/patienten/\($0.id)#mobile" }
        case .reminderNoEmail: path = given.patient.map { "/patienten/\($0.id)#email" }
        case .reminderChannelOff: path = visit.mayConfigure ? "/einstellungen" : nil
        default: break
        }
        return Obstacle(
            sentence: words.sentence(problem),
            mendPath: path,
            mendLabel: path == nil ? nil : words("mend." + problem.code.rawValue)
        )
    }
}
