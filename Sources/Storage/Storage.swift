// The tables: one file a store, SQL by hand beside its function, values bound, in the common subset of two databases.
// What must hold together is written in one transaction; state changes name the state they expect and count rows.
// No network, no screen, no clock: `now` is an argument, and rules about reminders are asked of Domain.

import Database
import Domain

/// The door to everything that is stored.
public struct Storage: Sendable {
    public let practices: PracticeStore
    public let locations: LocationStore
    public let practitioners: PractitionerStore
    public let patients: PatientStore
    public let appointments: AppointmentStore
    public let reminders: ReminderStore
    public let messages: MessageLog
    public let forecast: ForecastStore
    public let users: UserStore
    public let sessions: SessionStore
    public let secondFactor: SecondFactorStore
    public let secondSteps: SecondStepStore
    public let resets: ResetStore
    public let letters: LetterStore
    public let tokens: TokenStore
    public let requests: RequestStore
    public let providers: ProviderStore
    public let queue: ReminderQueue
    public let inbox: ReceiptInbox
    public let rescue: RescueStore
    public let holds: HoldStore
    public let hooks: HookStore
    public let polls: PollStore
    public let inbound: InboundStore
    public let usage: UsageStore
    public let trials: TrialStore
    public let health: HealthStore
    public let mailboxes: MailboxStore
    public let unsubscribe: UnsubscribeStore
    public let copies: CopyStore
    public let bounces: BounceStore
    public let fallback: FallbackStore
    public let audit: AuditStore
    public let links: LinkStore
    public let closingDays: ClosingDayStore
    public let today: TodayStore
    public let calls: CallStore

    let driver: any SQLDriver

    /// - Parameters:
    ///   - secrets: encrypts what providers ask of us; nil where no key is at hand, and then no secret can be stored.
    ///   - random: gives so many bytes that nobody can guess, for salts and session tokens.
    ///   - publicURL: the installation's address from outside, for links to patients' pages; nil where there is none.
    public init(
        driver: any SQLDriver,
        secrets: SecretBox?,
        random: @escaping RandomBytes,
        publicURL: String? = nil
    ) {
        let maker = PatientLinks(secrets, publicURL: publicURL)
        self.driver = driver
        practices = PracticeStore(driver: driver, secrets: secrets, links: maker)
        locations = LocationStore(driver: driver, links: maker)
        practitioners = PractitionerStore(driver: driver)
        patients = PatientStore(driver: driver)
        appointments = AppointmentStore(driver: driver)
        reminders = ReminderStore(driver: driver)
        messages = MessageLog(driver: driver)
        forecast = ForecastStore(driver: driver, links: maker)
        let work = PasswordWork()
        users = UserStore(driver: driver, random: random, work: work)
        sessions = SessionStore(driver: driver, random: random)
        secondFactor = SecondFactorStore(driver: driver, secrets: secrets, random: random)
        secondSteps = SecondStepStore(driver: driver, secrets: secrets, random: random)
        resets = ResetStore(driver: driver, random: random, work: work)
        letters = LetterStore(driver: driver)
        tokens = TokenStore(driver: driver)
        requests = RequestStore(driver: driver)
        providers = ProviderStore(driver: driver, secrets: secrets, random: random)
        queue = ReminderQueue(driver: driver, links: maker)
        inbox = ReceiptInbox(driver: driver)
        rescue = RescueStore(driver: driver)
        holds = HoldStore(driver: driver)
        hooks = HookStore(driver: driver)
        polls = PollStore(driver: driver)
        inbound = InboundStore(driver: driver)
        usage = UsageStore(driver: driver)
        trials = TrialStore(driver: driver)
        health = HealthStore(driver: driver)
        mailboxes = MailboxStore(driver: driver, secrets: secrets)
        unsubscribe = UnsubscribeStore(driver: driver)
        copies = CopyStore(driver: driver)
        bounces = BounceStore(driver: driver)
        fallback = FallbackStore(driver: driver)
        audit = AuditStore(driver: driver)
        links = LinkStore(driver: driver, maker: maker)
        closingDays = ClosingDayStore(driver: driver)
        today = TodayStore(driver: driver, links: maker)
        calls = CallStore(driver: driver)
    }

    /// Brings the schema up to date, and writes what only code can; tells the numbers of the steps that were applied.
    public func migrate() async throws -> [Int] {
        let applied = try await Migrations(driver: driver).run()
        try await PatientWordRows.writeMissing(driver)
        return applied
    }

    /// - Throws: ``StorageError/notMigrated(found:expected:)`` unless the schema is exactly ours.
    public func checkSchema() async throws { try await Migrations(driver: driver).check() }
}
