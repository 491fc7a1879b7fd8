import Domain
import Foundation
import Hummingbird
import Storage

/// One request of someone who is signed in: who, in which practice and language, and when.
struct Visit: Sendable {
    let pages: PageServices
    let session: Session
    let practice: Practice
    let words: Words
    let now: Date
    /// What the practice is asked before anything more is sent; nil where nothing is held.
    let hold: SendingHold?
    /// How many messages of patients, and answers from their pages, nobody is done with.
    let openAnswers: Int
    /// How many people are to be called, because a reminder did not arrive.
    let openCalls: Int
    /// What marks this answer's own style elements.
    let styleNonce: String
    /// Whether an open page asks by itself.
    let isUnattended: Bool

    var storage: Storage { pages.storage }
    var practiceID: Practice.ID { practice.id }
    var mayWrite: Bool { session.user.role.mayWrite }
    var mayConfigure: Bool { session.user.role == .admin }
    var today: LocalDate { WallTime.of(now, in: practice.timeZone).date }

    /// Puts on record what the person did or looked at.
    func note(
        _ deed: AuditEntry.Deed,
        _ subject: AuditEntry.Subject,
        _ id: Int64? = nil,
        _ detail: AuditEntry.Detail? = nil
    ) async throws {
        // What an open page asks for again and again was looked at once.
        let pause = isUnattended && deed == .looked ? SessionStore.idleSeconds : nil
        try await storage.audit.note(
            practiceID,
            Actor(session.user),
            deed,
            subject,
            id,
            detail,
            pause: pause,
            now: now
        )
    }

    /// - Parameter hasMenu: whether what waits is counted, which a part of a page without the menu does not show.
    init(_ pages: PageServices, _ context: WebContext, hasMenu: Bool = true) async throws {
        guard let session = context.session else { throw HTTPError(.unauthorized) }
        let (storage, now) = (pages.storage, pages.now())
        let practice = try await storage.practices.find(session.user.practiceID)
        var (hold, open, calls): (SendingHold?, Int, Int) = (nil, 0, 0)
        if hasMenu {
            hold = try await storage.holds.find(practice.id)
            open = try await storage.inbound.openCount(practice.id) + storage.links.openCount(practice.id)
            calls = try await storage.calls.openCount(practice.id, now: now)
        }
        self.init(
            pages,
            session,
            practice,
            now: now,
            hold: hold,
            openAnswers: open,
            openCalls: calls,
            styleNonce: context.styleNonce,
            isUnattended: context.isUnattended
        )
    }

    init(
        _ pages: PageServices,
        _ session: Session,
        _ practice: Practice,
        now: Date,
        hold: SendingHold? = nil,
        openAnswers: Int = 0,
        openCalls: Int = 0,
        styleNonce: String = "",
        isUnattended: Bool = false
    ) {
        self.pages = pages
        self.session = session
        self.practice = practice
        self.now = now
        self.hold = hold
        self.openAnswers = openAnswers
        self.openCalls = openCalls
        self.styleNonce = styleNonce
        self.isUnattended = isUnattended
        words = pages.words(session.user.language)
    }
}

/// A form that someone who is signed in has sent; whether the person may come in by its route was judged there.
struct Submission: Sendable {
    let visit: Visit
    let form: FormData

    /// Reads the form; refuses it with 403 where its token is wrong.
    init(_ pages: PageServices, _ request: Request, _ context: WebContext) async throws {
        visit = try await Visit(pages, context)
        form = try await FormData(request)
        guard FormToken.matches(form[FormToken.field], visit.session.csrf) else { throw HTTPError(.forbidden) }
    }
}
