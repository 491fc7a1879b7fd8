import Domain
import Hummingbird
import Storage

/// Whose appointments somebody chose to see: their browser keeps it, so that the calendar begins with it the next time.
///
/// A choice is of the user who made it: a browser may be used by several.
struct CalendarMemory: Hashable, Sendable {
    private static let cookie = "vortag_calendar"
    /// The longest time that browsers keep a cookie (RFC 6265bis §5.5), in seconds.
    private static let longest = 400 * 86_400

    let user: User.ID
    var practitioner: Practitioner.ID?
    var location: Location.ID?

    init(_ query: CalendarQuery, of user: User.ID) {
        self.user = user
        (practitioner, location) = (query.practitioner, query.location)
    }

    /// What the browser brings; nil where it is somebody else's choice, or none.
    init?(_ request: Request, of user: User.ID) {
        let parts = request.cookies[Self.cookie]?.value.split(separator: ".", omittingEmptySubsequences: false) ?? []
        guard parts.count == 3, User.ID(String(parts[0])) == user else { return nil }
        self.user = user
        (practitioner, location) = (Practitioner.ID(String(parts[1])), Location.ID(String(parts[2])))
    }

    func cookie(secure: Bool) -> Cookie {
        let parts = [user.description, practitioner?.description ?? "", location?.description ?? ""]
        return Cookie(
            name: Self.cookie,
            value: parts.joined(separator: "."),
            maxAge: Self.longest,
            path: "/kalender",
            secure: secure,
            httpOnly: true,
            sameSite: .lax
        )
    }
}

extension Visit {
    /// The address with which the calendar begins where nothing else is asked for and something was chosen before.
    func rememberedCalendar(_ request: Request) async throws -> String? {
        let asked = FormData(query: request)
        guard !["ansicht", "tag", "therapeut", "standort", ReturnPath.undo].contains(where: asked.has),
            let memory = CalendarMemory(request, of: session.user.id)
        else { return nil }
        var parts: [String] = []
        if let id = memory.practitioner,
            try await storage.practitioners.all(practiceID).contains(where: { $0.id == id })
        {
            parts.append("therapeut=\(id)")
        }
        if let id = memory.location, try await storage.locations.all(practiceID).contains(where: { $0.id == id }) {
            parts.append("standort=\(id)")
        }
        return parts.isEmpty ? nil : "/kalender?" + parts.joined(separator: "&")
    }

    /// Lets the browser keep what is chosen; an address that says nothing of it changes nothing.
    func remember(_ query: CalendarQuery, _ request: Request, in response: inout Response) {
        let asked = FormData(query: request)
        guard asked.has("therapeut") || asked.has("standort") else { return }
        let memory = CalendarMemory(query, of: session.user.id)
        guard memory != CalendarMemory(request, of: session.user.id) else { return }
        response.setCookie(memory.cookie(secure: pages.cookie.secure))
    }
}
