// The engine, tested on a real database with a channel that does what a script says.
// Time is set, never slept; no network.

import Database
import Delivery
import Domain
import Foundation
import Logging
import Storage
import Synchronization
import TestDatabase
import Testing

/// A clock that stands until it is set.
final class TestClock: Sendable {
    private let instant: Mutex<Date>

    init(_ instant: Date) { self.instant = Mutex(instant) }

    var now: Date { instant.withLock { $0 } }

    func set(_ next: Date) { instant.withLock { $0 = next } }
}

/// A provider that answers by script and keeps what it was given.
final class ScriptedChannel: MessageChannel {
    typealias Script = @Sendable (OutgoingMessage, _ attempt: Int) async -> SendOutcome

    let window: Int
    let rate: Double?
    let reportsDelivery = true
    let isBound = true
    private let script: Script
    private let sentMessages = Mutex<[OutgoingMessage]>([])
    private let listener = Mutex<(@Sendable (ChannelEvent) async -> Bool)?>(nil)
    private let opened = AsyncStream.makeStream(of: Void.self)
    private let most = Mutex((now: 0, peak: 0))

    init(
        window: Int = 64,
        rate: Double? = nil,
        script: @escaping Script = { message, _ in .accepted(ScriptedChannel.reference(message)) }
    ) {
        self.window = window
        self.rate = rate
        self.script = script
    }

    var sent: [OutgoingSMS] { sentMessages.withLock { $0.compactMap(\.sms) } }
    var sentMails: [OutgoingMail] { sentMessages.withLock { $0.compactMap(\.mail) } }
    var peakInFlight: Int { most.withLock { $0.peak } }

    static func reference(_ message: OutgoingMessage) -> ProviderReference {
        ProviderReference(raw: message.mail?.name ?? "p" + message.id.description)
    }

    static func reference(_ message: OutgoingSMS) -> ProviderReference { reference(.sms(message)) }

    func run(report: @escaping @Sendable (ChannelEvent) async -> Bool) async throws {
        listener.withLock { $0 = report }
        opened.continuation.yield()
        opened.continuation.finish()
        // Stays until the lane is closed.
        while !Task.isCancelled { try? await Task.sleep(for: .seconds(3600)) }
    }

    func send(_ message: OutgoingMessage) async -> SendOutcome {
        let attempt = sentMessages.withLock { sent in
            sent.append(message)
            return sent.filter { $0.id == message.id }.count
        }
        most.withLock { $0 = ($0.now + 1, max($0.peak, $0.now + 1)) }
        defer { most.withLock { $0.now -= 1 } }
        return await script(message, attempt)
    }

    /// Brings a receipt, as the provider would; true once it was acknowledged.
    func report(_ reference: ProviderReference, _ status: MessageStatus) async -> Bool {
        await report(.receipts([DeliveryReceipt(reference: reference, status: status, detail: "", raw: "")]))
    }

    /// Brings any event; what the engine says to it.
    func report(_ event: ChannelEvent) async -> Bool {
        for await _ in opened.stream { break }
        guard let listener = listener.withLock({ $0 }) else { return false }
        return await listener(event)
    }
}

/// One installation with a practice, patients and appointments for 2 March 2027.
final class World: Sendable {
    static let saved = "2027-02-26T12:00:00+01:00"
    static let morning = "2027-03-01T07:00:00+01:00"

    let clock: TestClock
    let database: TestDatabase
    var driver: any SQLDriver { database.driver }
    let storage: Storage
    let practice: Practice
    let location: Location
    private let overdueLimit: Int
    private let tokens = Mutex(0)

    init(overdueLimit: Int = 200) async throws {
        self.overdueLimit = overdueLimit
        database = try await TestDatabase()
        storage = Storage(driver: database.driver, secrets: nil) { count in
            (0..<count).map { _ in UInt8.random(in: 0...255) }
        }
        clock = TestClock(try Self.instant(Self.saved))
        _ = try await storage.migrate()
        var draft = PracticeDraft()
        draft.name = "Praxis"
        draft.senderID = "Praxis"
        draft.smsEnabled = true
        practice = try await storage.practices.create(draft, now: clock.now)
        var place = LocationDraft()
        place.name = "Hauptplatz"
        place.closingText = "Bis morgen!"
        location = try await storage.locations.create(practice.id, place, now: clock.now)
        _ = try await storage.providers.add(ProviderDraft(name: "scripted", kind: "simulator"), now: clock.now)
    }

    static func instant(_ text: String) throws -> Date { try #require(RFC3339.parse(text)).instant }

    func set(_ text: String) throws { clock.set(try Self.instant(text)) }

    @discardableResult
    func book(
        _ count: Int = 1,
        start: String = "2027-03-02T10:30:00+01:00",
        mobile: String = "+436641234500"
    ) async throws -> [Appointment] {
        var appointments: [Appointment] = []
        for number in 0..<count {
            var person = PatientDraft()
            person.lastName = "Huber \(number)"
            person.mobile = mobile
            person.reminderKind = "sms"
            let patient = try await storage.patients.create(practice.id, person, now: clock.now)
            var draft = AppointmentDraft()
            draft.patientID = patient.id.description
            draft.start = start
            appointments.append(try await storage.appointments.create(practice.id, draft, now: clock.now).appointment)
        }
        return appointments
    }

    /// Another practice of the same installation, its sender "Nachbarin", with reminders due at the same time.
    func neighbour(_ count: Int, start: String = "2027-03-02T10:30:00+01:00") async throws -> Practice {
        var draft = PracticeDraft()
        draft.name = "Nachbarin"
        draft.senderID = "Nachbarin"
        draft.smsEnabled = true
        let other = try await storage.practices.create(draft, now: clock.now)
        var place = LocationDraft()
        place.name = "Nebenan"
        _ = try await storage.locations.create(other.id, place, now: clock.now)
        for number in 0..<count {
            var person = PatientDraft()
            person.lastName = "Moser \(number)"
            person.mobile = "+436641234500"
            person.reminderKind = "sms"
            let patient = try await storage.patients.create(other.id, person, now: clock.now)
            var appointment = AppointmentDraft()
            appointment.patientID = patient.id.description
            appointment.start = start
            _ = try await storage.appointments.create(other.id, appointment, now: clock.now)
        }
        return other
    }

    /// - Parameter channels: by the provider's name; `channel` for the others.
    func environment(
        _ channel: any MessageChannel,
        _ channels: [String: any MessageChannel] = [:],
        uptime: (@Sendable () -> Duration)? = nil,
        mailboxesAtOnce: Int = 256
    ) -> DeliveryEnvironment {
        var settings = DeliverySettings()
        settings.mailboxesAtOnce = mailboxesAtOnce
        settings.tick = 0.01
        settings.overdueLimit = overdueLimit
        let token = tokens.withLock { count in
            count += 1
            return "token \(count)"
        }
        return DeliveryEnvironment(
            storage: storage,
            settings: settings,
            makeChannel: { provider, _ in channels[provider.name] ?? channel },
            now: { [clock] in clock.now },
            random: { 0.5 },
            worker: token,
            mail: MailDesk(
                write: { mail, marks in Array("Message-ID: <\(marks.name)>\r\nSubject: \(mail.subject)\r\n\r\n".utf8) },
                open: { mailbox, _ in channels[mailbox.address.value] ?? channel },
                word: { UUID().uuidString },
                publicURL: "https://vortag.example"
            ),
            logger: Logger(label: "test", factory: { _ in SwiftLogNoOpLogHandler() }),
            uptime: uptime
        )
    }

    /// Hands over what is due at the clock's time.
    ///
    /// - Parameter channels: by the provider's name; `channel` for the others.
    func drain(_ channel: any MessageChannel, _ channels: [String: any MessageChannel] = [:]) async throws {
        try await Dispatcher(world: environment(channel, channels), extent: .untilDrained(receiptSeconds: 0)).run()
    }

    /// Puts attempts on record for all that is due, as a worker does that then hands nothing over.
    func start(worker: String = "dead") async throws -> [StartedAttempt] {
        try await storage.queue.startDue(
            .all(.sms),
            by: Carrier(Identifier(1)),
            limit: 10,
            worker: worker,
            now: clock.now
        ).attempts
    }

    func rescue(_ channel: any MessageChannel = ScriptedChannel()) async {
        await Rescuer(world: environment(channel)).round()
    }

    func log() async throws -> [Message] {
        try await storage.messages.list(practice.id, MessageFilter(), PageRequest(limit: 200, cursor: nil)).items
            .map(\.message)
    }

    func standing(_ appointment: Appointment) async throws -> ReminderStanding {
        try #require(try await storage.reminders.of(appointment.id, practice.id, now: clock.now).first)
    }
}
