import Channels
import Delivery
import Domain
import Foundation
import Logging
import Storage

/// Creates the demonstration practice by living through its last days: every appointment is booked, and every message
/// sent, by the same code as in earnest, with a clock that is set to those days.
struct Demonstration: Sendable {
    let installation: Installation
    let plan: DemonstrationPlan
    let now: Date
    let zone: TimeZone

    private var storage: Storage { installation.storage }
    private var today: LocalDate { WallTime.of(now, in: zone).date }

    init(_ installation: Installation) throws {
        self.installation = installation
        plan = try DemonstrationPlan.read()
        now = installation.clock.now()
        guard let zone = TimeZone(identifier: "Europe/Vienna") else {
            throw CommandFailure(.configuration, "The time zone Europe/Vienna is not known here; install tzdata.")
        }
        self.zone = zone
    }

    /// Returns the e-mail address to sign in with.
    func create(password: String) async throws -> String {
        let practice = try await makePractice(password: password)
        let places = try await makePlaces(practice)
        let practitioners = try await makePractitioners(practice)
        try await makeClosingDay(practice)
        let patients = try await makePatients(practice)
        try await addProvider("simulator-ohne-berichte", options: ["receipts": "no"], priority: 100)
        for hour in plan.hours(around: today) {
            try await book(hour, practice, places, practitioners, patients)
        }
        for day in -10...0 {
            Output.progress(day + 11, of: 11, "Demonstration")
            // The practice changed to a provider with receipts after its first day.
            if day == -9 { try await addProvider("simulator", options: [:], priority: 10) }
            try await live(day)
        }
        return plan.user
    }

    private func instant(_ day: Int, _ hour: Int, _ minute: Int) -> Date {
        WallTime(date: today.adding(days: day), hour: hour, minute: minute).instant(in: zone)
    }

    /// One day of the engine: the morning, two later looks at what stayed open, the latest send time, the night.
    private func live(_ day: Int) async throws {
        for (hour, minute) in [(7, 0), (8, 30), (10, 0), (20, 1), (21, 30)] {
            let moment = instant(day, hour, minute) + 2
            guard moment < now else { return }
            try await DemonstrationEngine(installation: installation, moment: moment).run()
        }
    }

    private func makePractice(password: String) async throws -> Practice {
        let begin = instant(-20, 9, 0)
        var draft = PracticeDraft()
        draft.name = plan.practice
        draft.timeZone = zone.identifier
        draft.country = "AT"
        draft.language = "de"
        let practice = try await storage.practices.create(draft, now: begin)
        _ = try await storage.practices.change(practice.id, expecting: nil, now: begin) { [plan] draft in
            draft.senderID = plan.sender
            draft.smsEnabled = true
        }
        _ = try await storage.users.create(
            practice.id,
            email: plan.user,
            role: "admin",
            password: password,
            now: begin
        )
        return practice
    }

    private func makePlaces(_ practice: Practice) async throws -> [Location.ID] {
        var ids: [Location.ID] = []
        for place in plan.locations {
            var draft = LocationDraft()
            draft.name = place.name
            draft.address = place.address
            draft.closingText = place.closingText
            draft.senderID = place.sender
            draft.senderRegistered = place.senderRegistered
            ids.append(try await storage.locations.create(practice.id, draft, now: instant(-20, 9, 0)).id)
        }
        return ids
    }

    private func makePractitioners(_ practice: Practice) async throws -> [Practitioner.ID] {
        var ids: [Practitioner.ID] = []
        for name in plan.practitioners {
            var draft = PractitionerDraft()
            draft.name = name
            ids.append(try await storage.practitioners.create(practice.id, draft, now: instant(-20, 9, 0)).id)
        }
        return ids
    }

    private func makeClosingDay(_ practice: Practice) async throws {
        let draft = ClosingDayDraft(
            name: plan.closing.name,
            firstDay: today.adding(days: plan.closing.first).iso,
            lastDay: today.adding(days: plan.closing.last).iso
        )
        _ = try await storage.closingDays.add(practice.id, draft)
    }

    private func makePatients(_ practice: Practice) async throws -> [Patient.ID] {
        var ids: [Patient.ID] = []
        for person in plan.patients {
            var draft = PatientDraft()
            draft.firstName = person.firstName
            draft.lastName = person.lastName
            draft.mobile = person.mobile
            draft.email = person.email ?? ""
            draft.reminderKind = person.kind
            draft.smsConsent = person.smsConsent ?? "given"
            ids.append(try await storage.patients.create(practice.id, draft, now: instant(-20, 9, 30)).id)
        }
        return ids
    }

    private func addProvider(_ name: String, options: [String: String], priority: Int) async throws {
        _ = try await storage.providers.add(
            ProviderDraft(name: name, kind: "simulator", options: options, priority: String(priority)),
            now: instant(-20, 9, 0)
        )
    }

    private func book(
        _ hour: DemonstrationPlan.Hour,
        _ practice: Practice,
        _ places: [Location.ID],
        _ practitioners: [Practitioner.ID],
        _ patients: [Patient.ID]
    ) async throws {
        let start = WallTime(date: today.adding(days: hour.day), hour: hour.hour, minute: 0)
        var draft = AppointmentDraft()
        draft.patientID = patients[hour.person].description
        draft.locationID = places[hour.place].description
        draft.practitionerID = practitioners[hour.practitioner].description
        draft.start = start.iso
        draft.end = WallTime(date: start.date, hour: start.hour, minute: 50).iso
        let booked = min(instant(hour.day - hour.bookedAhead, 11, 0), now)
        _ = try await storage.appointments.create(practice.id, draft, origin: .imported, now: booked)
    }
}

/// The real engine at a moment of the past: drains what was due, then looks after what stayed open.
struct DemonstrationEngine: Sendable {
    let installation: Installation
    let moment: Date

    func run() async throws {
        let clock = ServerClock(start: moment)
        var settings = DeliverySettings()
        settings.tick = 0.02
        var logger = Logger(label: "demonstration", factory: { _ in SwiftLogNoOpLogHandler() })
        logger.logLevel = .critical
        let factory = ChannelFactory(
            logger: logger,
            random: Entropy.fraction,
            loopbackOnly: true,
            practiceProviders: .publicOnly,
            now: clock.now
        )
        let world = DeliveryEnvironment(
            storage: installation.storage,
            settings: settings,
            makeChannel: { provider, secrets in
                var hurried = provider
                hurried.options["delay"] = "0"
                hurried.options["response-timeout"] = "20"
                return try factory.channel(for: hurried, secret: secrets.account)
            },
            now: clock.now,
            random: Entropy.fraction,
            worker: Entropy.hexadecimal(16),
            mail: installation.mailDesk(),
            logger: logger
        )
        await Rescuer(world: world).round()
        guard let due = try await installation.storage.queue.nextDue(), due <= moment else { return }
        try await Dispatcher(world: world, extent: .untilDrained(receiptSeconds: 0.3)).run()
    }
}
