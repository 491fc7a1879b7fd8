import Domain
import Testing

@Suite("Which passwords are taken")
struct PasswordRuleTests {
    @Test(arguments: [
        "zehn zeichen", "ein-gutes-wort", "korrekt pferd batterie", "Übermorgen regnet es", "0f3a9c771b2e",
        "mein hund heisst rex", "Physiotherapie ist schwer",
    ])
    func `Long and not obvious is enough`(_ password: String) {
        #expect(PasswordRule.problem(password, email: "anna@example.org", names: ["Praxis am Platz", "Anna"]) == nil)
    }

    @Test(
        arguments: [
            ("", "password_short"), ("neunzeich", "password_short"), ("passwort2027", "password_common"),
            ("Passwort!!!2027", "password_common"), ("1234567890", "password_common"),
            ("qwertzuiop", "password_common"),
            ("9876543210", "password_common"), ("aaaaaaaaaaaa", "password_common"),
            ("Sommer20272027", "password_common"),
            ("abcdefghijkl", "password_common"), ("halloHallo", "password_common"), ("P@ssw0rd P@ssw0rd", nil),
            ("passw0rd123", "password_common"), ("anna@example.org", "password_own"),
            ("Praxis am Platz", "password_own"),
            ("praxis-am-platz-2027", "password_own"), ("Anna Huberin", "password_own"),
            ("annahuberin99", "password_own"),
            ("!!!!!!!!!!!!", "password_common"),
        ] as [(String, String?)]
    )
    func `What would be tried first is refused, with the reason`(_ password: String, _ reason: String?) {
        let names = ["Praxis am Platz", "Anna Huberin"]
        let problem = PasswordRule.problem(password, email: "anna@example.org", names: names)
        #expect(problem?.arguments["reason"] == reason)
    }

    @Test func `An endless one is refused`() {
        let problem = PasswordRule.problem(String(repeating: "ab c", count: 251))
        #expect(problem?.code == .fieldTooLong)
    }

    @Test func `Nobody is told a rule by an empty name`() {
        #expect(PasswordRule.problem("12 34 56 lampe", email: "", names: ["", "12"]) == nil)
    }
}
