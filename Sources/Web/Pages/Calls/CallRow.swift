import Domain
import Foundation
import Storage

/// A person to be called, because the reminder of a coming appointment did not arrive.
struct CallRow: Sendable {
    /// The button by which the call is done; nil for who may only look.
    struct Ticking: Sendable {
        let action: String
        let place: String
        let noteID: String
        /// Typed before, and refused.
        let note: String
        let noteProblems: [String]
        let isOpen: Bool
        let more: String
        let noteLabel: String
    }

    /// Who called, and the way back.
    struct Done: Sendable {
        let sentence: String
        let note: String?
        let action: String?
        let place: String
        let reopen: String
        let seen: String
    }

    let path: String
    let patient: String
    let patientPath: String
    let moment: String
    let place: String
    let look: String
    let word: String
    /// What became of the message, word for word.
    let status: String
    /// nil where no number is known that is the patient's.
    let call: CallLink?
    let lack: String
    let ticking: Ticking?
    let done: Done?

    init(_ entry: CallEntry, in list: CallsView.Place, draft: CallDraft? = nil, _ visit: Visit) {
        let words = visit.words
        let name = PatientName.listed(entry.patient)
        path = "/termine/\(entry.appointment.id)"
        patient = name
        patientPath = "/patienten/\(entry.patient.id)"
        let start = words.short(entry.appointment.wallStart)
        moment = entry.appointment.status == .cancelled ? words("calls.cancelled", ["moment": start]) : start
        place = entry.location.name
        let fate = CallFate(entry, words)
        look = fate.look.rawValue
        word = fate.word
        status = fate.sentence
        call = entry.isNumberWrong ? nil : CallLink(entry.patient, visit)
        lack = words(entry.isNumberWrong ? "calls.wrong_number" : "calls.no_number")
        let typed = draft?.reminder == entry.id ? draft : nil
        ticking =
            entry.tick == nil && visit.mayWrite
            ? Ticking(
                action: "/anrufe/\(entry.id)",
                place: list.rawValue,
                noteID: "note-\(entry.id)",
                note: typed?.note ?? "",
                noteProblems: typed?.problems ?? [],
                isOpen: typed != nil,
                more: words("calls.note_on", ["name": name]),
                noteLabel: words("calls.note")
            ) : nil
        done = entry.tick.map { Self.done($0, entry, list, visit) }
    }

    private static func done(_ tick: CallTick, _ entry: CallEntry, _ list: CallsView.Place, _ visit: Visit) -> Done {
        Done(
            sentence: CallWords.sentence(tick, visit),
            note: tick.note.isEmpty ? nil : tick.note,
            action: visit.mayWrite ? "/anrufe/\(entry.id)" : nil,
            place: list.rawValue,
            reopen: visit.words("calls.reopen_of", ["name": PatientName.listed(entry.patient)]),
            seen: tick.mark
        )
    }
}

/// A note that was refused.
struct CallDraft: Sendable {
    let reminder: Reminder.ID
    let note: String
    let problems: [String]
}

/// Somebody else called before, or did something else meanwhile: told with what was written, which is not lost.
struct CallConflict: Sendable {
    let sentence: String
    /// nil where nothing is to be added.
    let adding: CallRow.Ticking?

    /// - Parameter note: what could not be written; nil where a tick was to be taken back.
    init(
        _ entry: CallEntry,
        _ standing: CallTick,
        note: String?,
        problems: [String] = [],
        _ list: CallsView.Place,
        _ visit: Visit
    ) {
        let words = visit.words
        let name = PatientName.listed(entry.patient)
        let at = WallTime.of(standing.at, in: visit.practice.timeZone)
        let key = standing.note.isEmpty ? "calls.taken" : "calls.taken_note"
        let moment = at.date == visit.today ? words("calls.taken_at", ["time": words.clock(at)]) : words.short(at)
        sentence = words(
            key,
            ["patient": name, "name": standing.actor, "moment": moment, "note": standing.note]
        )
        adding = note.map { note in
            CallRow.Ticking(
                action: "/anrufe/\(entry.id)",
                place: list.rawValue,
                noteID: "more-\(entry.id)",
                note: note,
                noteProblems: problems,
                isOpen: true,
                more: words("calls.note_on", ["name": name]),
                noteLabel: words("calls.note")
            )
        }
    }
}

/// What went wrong, as a list shows it.
struct CallFate: Sendable {
    let look: Look
    let word: String
    let sentence: String

    init(_ entry: CallEntry, _ words: Words) {
        if entry.hasStrayed {
            look = .failed
            word = words("told.wrong_number")
            sentence = words("calls.strayed")
            return
        }
        let missed = entry.missed
        let news = missed.reminder.purpose == .correction ? Self.news(entry, words) : nil
        switch missed.cause {
        case .failed(let message):
            look = .failed
            word = ReminderTeller(words: words).word(message)
            sentence = news ?? Self.status(message, words)
        case .unclear(let message):
            look = .unclear
            word = words("look.unclear")
            sentence = news ?? words("calls.unclear." + message.channel.rawValue)
        case .notSent(let reason):
            look = reason.mayPass ? .unclear : .failed
            word = words(reason.mayPass ? "look.waiting" : "look.not_sent")
            sentence = news ?? words.catalogue.reason(reason, missed.reminder.channel, words.language)
        }
    }

    /// That the news of a change or a cancellation did not arrive, and what the patient believes until somebody calls.
    private static func news(_ entry: CallEntry, _ words: Words) -> String {
        let (appointment, reminder) = (entry.appointment, entry.missed.reminder)
        let isOver = appointment.status == .cancelled || reminder.patientID != appointment.patientID
        let fate =
            switch entry.missed.cause {
            case .failed: "failed"
            case .unclear: "unclear"
            case .notSent: "not_sent"
            }
        let start = reminder.toldStart ?? (isOver ? appointment.wallStart : nil)
        let place = reminder.toldLocation.flatMap { $0 == entry.location.name ? nil : $0 }
        let told = [start.map(words.short), place].compactMap(\.self).joined(separator: ", ")
        let isKnown = isOver || place != nil || start != appointment.wallStart
        return words(
            (isOver ? "calls.cancellation." : "calls.change.") + fate,
            ["told": told.isEmpty || !isKnown ? words("calls.told_before") : told]
        )
    }

    /// What became of the message; of an e-mail that came back, with the reason.
    private static func status(_ message: Message, _ words: Words) -> String {
        guard let reason = message.bounce, message.state.status == .bounced else {
            return MessageView.status(message, words)
        }
        return words("bounce.\(reason.rawValue).sentence")
    }
}

/// Sentences about calls that were made.
enum CallWords {
    /// `angerufen von eva@praxis.at, Mo 01.03., 08:12`
    static func sentence(_ tick: CallTick, _ visit: Visit) -> String {
        let at = visit.words.short(WallTime.of(tick.at, in: visit.practice.timeZone))
        return visit.words("calls.called", ["name": tick.actor, "moment": at])
    }
}
