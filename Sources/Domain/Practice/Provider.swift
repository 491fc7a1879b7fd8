/// An account by which messages leave: an SMS provider's, of one practice or of the whole installation, or a mailbox.
public struct Provider: Hashable, Sendable, Identifiable {
    public typealias ID = Identifier<Provider>

    public enum Kind: String, CaseIterable, Sendable {
        case simulator, smpp, seven, websms, twilio, http
        /// An e-mail account; ``Mailbox`` has the rest of it.
        case mailbox

        /// Those that carry SMS.
        public static let sms = allCases.filter { $0 != .mailbox }

        /// Whether it reports by calls to us (webhooks).
        public var isCalledBack: Bool {
            switch self {
            case .simulator, .smpp, .mailbox: false
            case .seven, .websms, .twilio, .http: true
            }
        }
    }

    public var id: ID
    /// nil: for all practices.
    public var practiceID: Practice.ID?
    public var name: String
    public var kind: Kind
    /// Empty for the simulator.
    public var url: String
    public var user: String
    public var options: [String: String]
    /// Lower goes first.
    public var priority: Int
    /// Whether it carries messages.
    public var isEnabled: Bool
    /// Whose numbers it carries; empty for all.
    public var countries: [Country]
    public var version: Int64

    public init(
        id: ID,
        practiceID: Practice.ID?,
        name: String,
        kind: Kind,
        url: String = "",
        user: String = "",
        options: [String: String] = [:],
        priority: Int = 100,
        isEnabled: Bool = true,
        countries: [Country] = [],
        version: Int64 = 1
    ) {
        self.id = id
        self.practiceID = practiceID
        self.name = name
        self.kind = kind
        self.url = url
        self.user = user
        self.options = options
        self.priority = priority
        self.isEnabled = isEnabled
        self.countries = countries
        self.version = version
    }

    /// The path of the address that the provider calls (webhook), below the installation's own.
    ///
    /// - Parameter word: what keeps others from calling it.
    public func hookPath(word: String) -> String { "/hooks/sms/\(name)/\(word)" }
}
