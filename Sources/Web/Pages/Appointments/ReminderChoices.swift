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
        /// Where what is missing is entered at once; nil where nothing is.
        var contact: FieldView?
    }

    let choices: [Choice]
    let preselected: String
    let problems: [String]
    /// That it is too late for any reminder, and from when on it is not; nil where one is still possible.
    var lateness: String?
    /// What has left already; nothing else is shown then.
    var sentTexts: [SentText] = []
    var phone: PhoneView?
    var letter: LetterView?
    /// Why nothing is to be seen of a message.
    var silence: String?
    /// What a screen reader is told once something else goes out, or nothing does.
    var said = ""
    /// Of what is cancelled, or whose patient is erased, there is nothing to choose.
    var isShown = true

    /// What the choices depend on.
    struct Circumstances: Sendable {
        let offer: ReminderOffer
        /// The chosen patient as on record; nil for a new one.
        let stored: Patient?
        /// The patient as the master data will be once the form is saved.
        let patient: Patient?
        /// What is wrong with a number or an address that was added to them.
        let contactProblems: [FieldProblem]
        let location: Location?
        let practitioners: [Practitioner]
        let start: WallTime?
        /// When the appointment starts, as an instant.
        let startsAt: Date?
        /// When the last one of a series does.
        let lastStartsAt: Date?
        /// The appointment that is edited.
        let existing: Appointment?
        /// How its reminders stand.
        let standings: [ReminderStanding]

        /// Of what is shown: a start that was not edited keeps its zone (rule 14).
        var zone: TimeZone {
            if let existing, existing.start == startsAt { return existing.timeZone }
            return location?.timeZone ?? offer.practice.timeZone
        }

        /// By which of some channels nothing will go out, because the patient does not want it.
        func silent(_ channels: Set<Channel>) -> Set<Channel> {
            channels.filter { stored?.consent($0) == .withdrawn }
        }

        /// Whether nobody comes any more, or nobody knows who.
        func isOver(_ form: AppointmentForm) -> Bool {
            guard let existing else { return false }
            return existing.status == .cancelled
                || stored == nil && form.patientID == existing.patientID.description
        }
    }

    static func view(
        _ form: AppointmentForm,
        _ given: Circumstances,
        _ problems: FormProblems,
        _ visit: Visit
    ) -> ReminderChoices {
        let words = visit.words
        if given.isOver(form) {
            return ReminderChoices(choices: [], preselected: "", problems: [], isShown: false)
        }
        let preselected = preselected(given)
        let chosen = chosen(form, given, preselected)
        let fields = ContactFields(form, given, problems, visit)
        var choices = ReminderKind.allCases.map { choice($0, chosen, given, fields, visit) }
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
        var shown = ReminderChoices(
            choices: choices,
            preselected: preselected,
            problems: problems.of("reminderKind"),
            lateness: lateness(given, visit),
            sentTexts: SentText.all(form, given, visit),
            silence: silence(form, given, chosen, visit)
        )
        if !shown.sentTexts.isEmpty {
            shown.silence = nil
        } else if shown.silence == nil {
            shown.preview(ReminderKind(rawValue: chosen)?.channels ?? [], form, given, visit)
        }
        shown.said = shown.summary
        return shown
    }

    /// What will leave, or why nothing of it is to be seen.
    private mutating func preview(
        _ channels: Set<Channel>,
        _ form: AppointmentForm,
        _ given: Circumstances,
        _ visit: Visit
    ) {
        let silent = given.silent(channels)
        if !silent.contains(.sms), channels != [.email] {
            let sender = Self.sender(given, at: visit.now)?.value
            let text = given.location?.closingText ?? .empty
            phone = given.start.map { Self.phoneView(text, $0, sender, visit) }
        }
        if channels.subtracting(silent).contains(.email) { letter = LetterView(form, given, visit) }
        guard phone == nil, letter == nil else { return }
        silence = visit.words(silent.first.map { "booking.withdrawn." + $0.rawValue } ?? "phone.waiting")
    }

    /// `SMS: geht am Do 11.03., 07:00 hinaus`, or why nothing does.
    private var summary: String {
        let chosen = choices.first { $0.isChosen && $0.value != ReminderKind.none.rawValue }
        let kind = chosen.map { [$0.label, $0.detail].compactMap(\.self).joined(separator: ": ") }
        return [lateness, sentTexts.isEmpty ? silence ?? kind : nil].compactMap(\.self).joined(separator: " ")
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
        guard let mobile = given.patient?.reached.mobile else { return sender.sender }
        return sender.sender(to: mobile, at: now)
    }

    /// What the form offers by itself: the possible part of what is wanted.
    private static func preselected(_ given: Circumstances) -> String {
        if given.existing == nil, given.patient == nil { return "" }
        return ReminderKind(given.offer.wanted.channels.filter { obstacles(to: $0, given).isEmpty }).rawValue
    }

    private static func chosen(_ form: AppointmentForm, _ given: Circumstances, _ preselected: String) -> String {
        guard form.isKindChosen, let kind = ReminderKind(rawValue: form.kind) else { return preselected }
        return kind.channels.allSatisfy { obstacles(to: $0, given).isEmpty } ? form.kind : preselected
    }

    static func obstacles(to channel: Channel, _ given: Circumstances) -> [FieldProblem] {
        let obstacles = given.offer.obstacles[channel] ?? []
        let late = obstacles.filter { $0.code == .reminderTooLate }
        // In a series each is judged by itself: what is too near goes without, and the list of dates says so.
        if let first = given.startsAt, let last = given.lastStartsAt, last > first {
            return obstacles.filter { $0.code != .reminderTooLate }
        }
        // Whatever else is missing, adding it would not help.
        return late.isEmpty ? obstacles : late
    }

    private static func isTooLate(for channel: Channel, _ given: Circumstances) -> Bool {
        obstacles(to: channel, given).contains { $0.code == .reminderTooLate }
    }

    private static func lateness(_ given: Circumstances, _ visit: Visit) -> String? {
        guard Channel.allCases.allSatisfy({ isTooLate(for: $0, given) }) else { return nil }
        return tooLate("obstacle.too_late.all", given, visit)
    }

    private static func choice(
        _ kind: ReminderKind,
        _ chosen: String,
        _ given: Circumstances,
        _ fields: ContactFields,
        _ visit: Visit
    ) -> Choice {
        let channels = Channel.allCases.filter(kind.channels.contains)
        let problems = channels.flatMap { obstacles(to: $0, given) }
        let distinct = problems.reduce(into: [FieldProblem]()) { if !$0.contains($1) { $0.append($1) } }
        // Said once: above all of them, or beside the one channel that it is about.
        let isSaid = channels.count > 1 || Channel.allCases.allSatisfy { isTooLate(for: $0, given) }
        let told = distinct.filter { !isSaid || $0.code != .reminderTooLate }
        let isLate = channels.contains { isTooLate(for: $0, given) }
        let contact = fields.field(of: kind).flatMap { isLate && $0.problems.isEmpty ? nil : $0 }
        return Choice(
            value: kind.rawValue,
            label: visit.words("kind." + kind.rawValue),
            detail: distinct.isEmpty ? detail(kind, channels, given, visit) : nil,
            isChosen: kind.rawValue == chosen,
            isImpossible: !distinct.isEmpty,
            obstacles: told.map { obstacle($0, given, visit) }
                + doubts(channels, given, visit),
            contact: contact
        )
    }

    /// What speaks against a kind that can be chosen all the same: the consent was withdrawn, so that nothing will go out,
    /// or e-mails to the address came back.
    private static func doubts(_ channels: [Channel], _ given: Circumstances, _ visit: Visit) -> [Obstacle] {
        guard let patient = given.stored else { return [] }
        let silent = given.silent(Set(channels))
        var doubts = channels.filter(silent.contains).map { channel in
            Obstacle(
                sentence: visit.words("booking.withdrawn." + channel.rawValue),
                mendPath: "/patienten/\(patient.id)#\(channel.rawValue)Consent",
                mendLabel: visit.words("mend.consent_withdrawn")
            )
        }
        if channels.contains(.email), let sentence = EmailBounceNote.sentence(patient, visit) {
            let path = "/patienten/\(patient.id)#email"
            doubts.append(Obstacle(sentence: sentence, mendPath: path, mendLabel: visit.words("bounce.mend")))
        }
        return doubts
    }

    /// `am Do 11.03., 07:00`, and whether the patient prefers this kind.
    private static func detail(
        _ kind: ReminderKind,
        _ channels: [Channel],
        _ given: Circumstances,
        _ visit: Visit
    ) -> String? {
        let words = visit.words
        let zone = given.zone
        let silent = given.silent(Set(channels))
        let due = channels.filter { !silent.contains($0) }.compactMap { given.offer.dueAt[$0] }.filter {
            $0 > visit.now
        }.map {
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
            let sentence = tooLate("obstacle.too_late", given, visit)
            return Obstacle(sentence: sentence, mendPath: nil, mendLabel: nil)
        case .reminderNoMobile: path = given.stored == nil ? "#mobile" : "#patientMobile"
        case .reminderNoEmail: path = given.stored == nil ? "#email" : "#patientEmail"
        case .reminderChannelOff: path = visit.mayConfigure ? "/einstellungen" : nil
        default: break
        }
        if !visit.mayWrite { path = nil }
        return Obstacle(
            sentence: words.sentence(problem),
            mendPath: path,
            mendLabel: path == nil ? nil : words("mend." + problem.code.rawValue)
        )
    }

    /// From which start on it would be possible, and until when it was for this one.
    private static func tooLate(_ key: String, _ given: Circumstances, _ visit: Visit) -> String {
        let words = visit.words
        let earliest = (visit.now.timeIntervalSince1970 + FortyEightHours.seconds) / 300
        let from = Date(timeIntervalSince1970: earliest.rounded(.up) * 300)
        var arguments = ["from": words.short(WallTime.of(from, in: given.zone)), "until": ""]
        if let startsAt = given.startsAt {
            let until = WallTime.of(FortyEightHours.choosableUntil(start: startsAt), in: given.zone)
            arguments["until"] = words.short(until)
        }
        return words(key, arguments)
    }
}
