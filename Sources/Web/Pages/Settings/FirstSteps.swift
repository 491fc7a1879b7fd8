import Domain
import Storage

/// One thing that has to be there before a new practice's first reminder can go out.
struct SetupStep: Sendable {
    enum Kind: String, Sendable {
        case location, sender, carrier, channel, test
    }

    let kind: Kind
    let isDone: Bool
    let path: String

    /// All of them, in the order in which they are done.
    static func all(_ locations: [Location], _ setup: PracticeSetup, _ practice: Practice) -> [SetupStep] {
        let hasSender = practice.sender != nil || (!locations.isEmpty && locations.allSatisfy { $0.sender != nil })
        let isOn = practice.smsEnabled || practice.emailEnabled
        let lacksProvider = practice.smsEnabled && !setup.hasProvider
        let lacksMailbox = practice.emailEnabled && !setup.ownMailbox
        let isCarried = !lacksProvider && !lacksMailbox && (setup.hasProvider || setup.ownMailbox)
        let isByMail = lacksProvider ? false : lacksMailbox || (setup.ownMailbox && !setup.hasProvider)
        let carrier = isByMail ? SettingsPlace.mailboxes : .providers
        return [
            SetupStep(kind: .location, isDone: !locations.isEmpty, path: SettingsPlace.locations.path + "/neu"),
            SetupStep(kind: .sender, isDone: hasSender, path: SettingsPlace.sender.path),
            SetupStep(kind: .carrier, isDone: isCarried, path: carrier.path),
            SetupStep(kind: .channel, isDone: isOn, path: SettingsPlace.overview.path + "#smsEnabled"),
            SetupStep(kind: .test, isDone: setup.hasTrial, path: carrier.path),
        ]
    }

    /// What nobody needs to be warned of while this is still to be done.
    var warnings: Set<PracticeWarning> {
        switch kind {
        case .carrier where !isDone: [.smsWithoutProvider, .emailWithoutMailbox]
        case .channel where !isDone: [.smsOff]
        default: []
        }
    }

    func label(_ words: Words) -> String { words("settings.step." + kind.rawValue) }

    /// nil where it is done, or where this person cannot do it.
    func way(for visit: Visit) -> String? { isDone || !visit.mayConfigure ? nil : path }
}

/// What is left to be done until a new practice's first reminder can go out.
struct FirstSteps: Sendable {
    struct Step: Sendable {
        let isDone: Bool
        let look: String
        let label: String
        let about: String
        let stepPath: String?
    }

    let heading: String
    let steps: [Step]

    /// nil once all is done, or a message has left.
    init?(_ house: SettingsPage.House, _ visit: Visit) {
        guard !house.setup.hasMessages else { return nil }
        let words = visit.words
        let all = SetupStep.all(house.locations, house.setup, visit.practice)
        let done = all.count(where: \.isDone)
        guard done < all.count else { return nil }
        heading = words("settings.steps.heading", ["done": String(done), "all": String(all.count)])
        steps = all.map { step in
            Step(
                isDone: step.isDone,
                look: (step.isDone ? Look.delivered : .planned).rawValue,
                label: step.label(words),
                about: words("settings.step." + (step.isDone ? "done" : step.kind.rawValue + ".about")),
                stepPath: step.way(for: visit)
            )
        }
    }
}
