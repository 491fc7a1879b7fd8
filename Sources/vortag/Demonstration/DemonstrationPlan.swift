import Domain
import Foundation

/// The obviously fictitious practice of the demonstration, as it lies in the resources.
struct DemonstrationPlan: Decodable, Sendable {
    struct Place: Decodable, Sendable {
        let name, address, closingText, sender: String
        let senderRegistered: Bool
    }

    struct Person: Decodable, Sendable {
        let firstName, lastName, mobile, kind: String
        let email, smsConsent: String?
    }

    /// Days on which the practice does not treat, counted from today.
    struct Closing: Decodable, Sendable {
        let name: String
        let first, last: Int
    }

    /// One appointment, by its place in the lists and the days from today.
    struct Hour: Sendable {
        let day: Int
        let hour: Int
        let person: Int
        let place: Int
        let practitioner: Int
        /// How many days ahead it was booked; under two days there is no reminder.
        let bookedAhead: Int
    }

    let practice, sender, user: String
    let locations: [Place]
    let closing: Closing
    let practitioners: [String]
    let patients: [Person]

    static func read() throws -> DemonstrationPlan {
        let file = try Resources.folder().appendingPathComponent("demonstration/practice.json")
        return try JSONDecoder().decode(DemonstrationPlan.self, from: Data(contentsOf: file))
    }

    /// Days with appointments: nine back, thirteen ahead, Sundays free unless it is today or tomorrow.
    func hours(around today: LocalDate) -> [Hour] {
        var person = 0
        return (-9...13).flatMap { day -> [Hour] in
            let isSunday = today.adding(days: day).weekday == 7
            if isSunday, day != 0, day != 1 { return [] }
            return (0..<7).map { slot in
                defer { person += 1 }
                return Hour(
                    day: day,
                    hour: 8 + slot + (slot > 3 ? 1 : 0),
                    person: person % patients.count,
                    place: (day + slot) & 1,
                    practitioner: slot % practitioners.count,
                    bookedAhead: slot == 6 && day.isMultiple(of: 3) ? 1 : 6
                )
            }
        }
    }
}
