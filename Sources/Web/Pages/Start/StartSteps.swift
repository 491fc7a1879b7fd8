import Domain
import Storage

/// What a practice that has no appointment yet does first, in order.
struct StartSteps: Sendable {
    struct Step: Sendable {
        let label: String
        let isDone: String?
        /// nil where it is done, or where this person cannot do it.
        let stepPath: String?
    }

    let steps: [Step]

    /// What the steps say already.
    let warnings: Set<PracticeWarning>

    /// What is there already.
    struct House: Sendable {
        let locations: [Location]
        let setup: PracticeSetup
        let hasPatient: Bool
    }

    init(_ house: House, _ visit: Visit) {
        let words = visit.words
        let setup = SetupStep.all(house.locations, house.setup, visit.practice)
            .filter { [.location, .carrier, .channel].contains($0.kind) }
        let desk = [("patient", house.hasPatient, "/patienten/neu"), ("appointment", false, "/termine/neu")].map {
            key,
            isDone,
            path in
            Self.step(words("first." + key), isDone, isDone || !visit.mayWrite ? nil : path, words)
        }
        steps = setup.map { Self.step($0.label(words), $0.isDone, $0.way(for: visit), words) } + desk
        warnings = Set(setup.flatMap(\.warnings))
    }

    private static func step(_ label: String, _ isDone: Bool, _ path: String?, _ words: Words) -> Step {
        Step(label: label, isDone: isDone ? words("first.done") : nil, stepPath: path)
    }
}
