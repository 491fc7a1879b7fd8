import Domain
import Storage

/// What a practice that has no appointment yet does first, in order.
struct StartSteps: Sendable {
    struct Step: Sendable {
        let label: String
        let path: String
        let isDone: String?
    }

    let steps: [Step]

    /// What is there already.
    struct House: Sendable {
        let hasLocation: Bool
        let hasPatient: Bool
        let warnings: [ForecastWarning]
    }

    init(_ house: House, _ visit: Visit) {
        let practice = visit.practice
        let lacking = Set(house.warnings.map(\.code))
        let isOn = practice.smsEnabled || practice.emailEnabled
        let canSend = isOn && lacking.isDisjoint(with: [.smsWithoutProvider, .emailWithoutMailbox])
        let steps: [(String, String, Bool)] = [
            ("location", "/einstellungen/standorte/neu", house.hasLocation),
            ("channel", "/einstellungen", isOn),
            ("carrier", practice.smsEnabled || !isOn ? "/einstellungen/versand" : "/einstellungen/postfach", canSend),
            ("patient", "/patienten/neu", house.hasPatient),
            ("appointment", "/termine/neu", false),
        ]
        self.steps = steps.map { key, path, isDone in
            Step(label: visit.words("first." + key), path: path, isDone: isDone ? visit.words("first.done") : nil)
        }
    }
}
