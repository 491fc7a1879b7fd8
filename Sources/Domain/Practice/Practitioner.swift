/// Someone who treats.
public struct Practitioner: Hashable, Sendable, Identifiable {
    public typealias ID = Identifier<Practitioner>

    public var id: ID
    public var practiceID: Practice.ID
    public var name: String
    public var email: EmailAddress?
    public var version: Int64

    public init(id: ID, practiceID: Practice.ID, name: String, email: EmailAddress? = nil, version: Int64 = 1) {
        self.id = id
        self.practiceID = practiceID
        self.name = name
        self.email = email
        self.version = version
    }
}
