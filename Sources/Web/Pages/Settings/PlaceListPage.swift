import Domain
import Storage

/// A list of the practice's locations, or of the people who treat.
struct PlaceListPage: Sendable {
    struct Row: Sendable {
        let path: String
        let name: String
        let detail: String
    }

    let lead: String
    let advice: String
    let rows: [Row]
    let isEmpty: Bool
    let newPath: String?
    let newLabel: String

    static func view(_ locations: [Location], _ visit: Visit) -> PlaceListPage {
        let address = visit.storage.links.address(visit.practice)
        let maximum = address?.closingTextMaximum ?? ClosingText.maximumSeptets
        let rows = locations.map { location in
            let sender = (location.sender ?? visit.practice.sender)?.value ?? visit.words("sender.none")
            let room = maximum - location.closingText.septets
            let left = visit.words.counted(room < 0 ? "sms.over" : "sms.left", abs(room))
            let details = [location.address, sender, left].filter { !$0.isEmpty }
            return Row(
                path: SettingsPlace.locations.path + "/\(location.id)",
                name: location.name,
                detail: details.joined(separator: " · ")
            )
        }
        return PlaceListPage(.locations, "locations", rows, "location.new", visit)
    }

    static func view(_ practitioners: [Practitioner], _ visit: Visit) -> PlaceListPage {
        let rows = practitioners.map { practitioner in
            Row(
                path: SettingsPlace.practitioners.path + "/\(practitioner.id)",
                name: practitioner.name,
                detail: practitioner.email?.value ?? visit.words("practitioner.no_email")
            )
        }
        return PlaceListPage(.practitioners, "practitioners", rows, "practitioner.new", visit)
    }

    private init(_ place: SettingsPlace, _ key: String, _ rows: [Row], _ new: String, _ visit: Visit) {
        let words = visit.words
        lead = rows.isEmpty ? words("\(key).lead.none") : words.counted("\(key).lead", rows.count)
        advice = words(rows.isEmpty ? "\(key).empty" : "\(key).advice")
        self.rows = rows
        isEmpty = rows.isEmpty
        newPath = visit.mayConfigure ? place.path + "/neu" : nil
        newLabel = words(new)
    }
}
