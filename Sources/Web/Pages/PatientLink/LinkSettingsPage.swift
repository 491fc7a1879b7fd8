import Domain
import Storage

/// The switch of the links to patients' pages: what they look like, and what they cost.
struct LinkSettingsPage: Sendable {
    let lead: String
    let form: FormFrame
    let linkSwitch: FieldView
    /// What is missing before links can leave; nil where nothing is.
    let lackingAddress: String?
    let isOutOfReach: Bool
    let cost: String?
    let preview: PhoneView?
    /// The page behind the link, as an example.
    let example: PatientLinkPage.Facts

    static func view(
        _ isOn: Bool,
        _ locations: [Location],
        _ problems: FormProblems,
        _ visit: Visit,
        saved: Bool = false
    ) -> LinkSettingsPage {
        let words = visit.words
        let address = visit.storage.links.maker?.address
        let start = WallTime(date: visit.today.adding(days: 7), hour: 10, minute: 30)
        let place = locations.first
        return LinkSettingsPage(
            lead: words(visit.practice.linksEnabled ? "links.lead.on" : "links.lead.off"),
            form: FormFrame(
                action: "/einstellungen/terminseite",
                problems: problems,
                version: visit.practice.version,
                mayWrite: visit.mayConfigure,
                saved: saved
            ),
            linkSwitch: .checkbox("linksEnabled", isOn, problems),
            lackingAddress: address == nil ? words("links.lacking") : nil,
            // Who has them on must be able to switch them off.
            isOutOfReach: address == nil && !visit.practice.linksEnabled,
            cost: address.map { words("links.cost", LinkRoom($0).arguments) },
            preview: address.map { address in
                PhoneView(
                    place?.closingText.value ?? "",
                    start: start,
                    sender: (place?.sender ?? visit.practice.sender)?.value,
                    address: address,
                    words
                )
            },
            example: PatientLinkPage.Facts(
                practice: visit.practice.name,
                day: words.longDay(start.date),
                time: words("link.clock", ["clock": start.clock]),
                place: place?.name ?? visit.practice.name,
                address: (place?.address).flatMap { $0.isEmpty ? nil : $0 },
                whom: words("link.example.name"),
                isOver: false
            )
        )
    }
}

/// What a link leaves of a closing text.
struct LinkRoom {
    /// `maximum`, `link` with the blank before it, and `left`.
    let arguments: [String: String]

    init(_ address: PatientLinkAddress) {
        arguments = [
            "maximum": String(ClosingText.maximumSeptets), "link": String(address.septets + 1),
            "left": String(address.closingTextMaximum),
        ]
    }
}
