/// What is tried first by whoever guesses: words that stand at the top of every published list, German ones too, and words
/// of the place. Whatever digits stand before or behind them: `passwort2027` is no better than `passwort`.
enum CommonPasswords {
    /// Without the digits at both ends.
    static func stem(_ folded: String) -> String {
        let head = folded.drop(while: \.isNumber)
        guard let last = head.lastIndex(where: { !$0.isNumber }) else { return "" }
        return String(head[...last])
    }

    /// Refused as they stand.
    static let whole: Set<String> = [
        "1q2w3e4r5t", "1q2w3e4r5t6y", "q1w2e3r4t5", "q1w2e3r4t5y6", "1qaz2wsx3edc", "1qaz2wsx3e", "zaq12wsxcde3",
        "a1b2c3d4e5", "a1b2c3d4e5f6", "abc123abc123", "123abc123abc", "123qwe123qwe", "qwe123qwe123", "asd123asd123",
        "1234512345", "1234554321", "1122334455", "9876543210", "0123456789", "1212121212", "1231231231",
        "123123123123",
        "pass1234word", "passw0rd", "p4ssw0rd", "passw0rd123", "p4ssw0rt123", "passw0rt123",
    ]

    /// Refused whatever digits stand at their ends.
    static let stems: Set<String> = [
        "password", "passwords", "passwort", "passwoerter", "passwrd", "kennwort", "meinpasswort", "mypassword",
        "daspasswort", "geheim", "geheimnis", "secret", "topsecret", "changeme", "letmein", "login", "anmelden",
        "administrator", "admin", "adminadmin", "root", "master", "superuser", "benutzer", "user", "gast", "guest",
        "test",
        "testtest", "tester", "welcome", "willkommen", "hallo", "hallohallo", "hallowelt", "helloworld", "hello",
        "iloveyou",
        "ichliebedich", "ichliebdich", "schatz", "schatzi", "schatzschatz", "liebling", "qwertz", "qwertzu", "qwertzui",
        "qwertzuio", "qwertzuiop", "qwerty", "qwertyuiop", "asdfgh", "asdfghjkl", "yxcvbnm", "zxcvbnm", "asdfasdf",
        "qwerqwer", "qwertzqwertz", "qwertyqwerty", "abc", "abcabc", "abcd", "abcdef", "abcdefg", "abcdefgh",
        "sommer", "winter", "herbst", "summer", "spring", "autumn", "january", "februar", "oktober", "november",
        "dezember",
        "sunshine", "sonnenschein", "princess", "prinzessin", "football", "fussball", "baseball", "basketball",
        "superman",
        "batman", "pokemon", "dragon", "monkey", "michael", "michelle", "thomas", "daniel", "jennifer", "charlie",
        "computer",
        "internet", "samsung", "mercedes", "porsche", "ferrari", "liverpool", "barcelona", "bayernmuenchen", "borussia",
        "rapidwien", "austriawien", "oesterreich", "deutschland", "germany", "austria", "vienna", "wien", "salzburg",
        "vortag", "vortagvortag", "erinnerung", "termin", "terminerinnerung", "praxis", "meinepraxis", "unserepraxis",
        "praxispasswort", "therapie", "physiotherapie", "ergotherapie", "logopaedie", "psychotherapie", "gesundheit",
        "patient", "patienten", "rezeption", "empfang", "ordination", "therapeut", "physio", "massage",
    ]
}
