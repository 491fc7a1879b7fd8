import Testing

@testable import Transfer

@Suite struct EncodedWordsTests {
    @Test(arguments: [
        ("Praxis am Park, Graz", "Praxis am Park, Graz"),
        ("Praxis für Physiotherapie", "Praxis =?UTF-8?B?ZsO8cg==?= Physiotherapie"),
        ("Dr. Ö & Co", "=?UTF-8?B?RHIuIMOW?= & Co"),
        ("=?UTF-8?Q?a?= Huber", "=?UTF-8?B?PT9VVEYtOD9RP2E/PQ==?= Huber"),
        ("a <b@c.d> ü", "a =?UTF-8?B?PGJAYy5kPiDDvA==?="),
    ])
    func `of a name only the words that need it are encoded`(name: String, expected: String) {
        #expect(EncodedWords.phrase(name) == expected)
    }

    @Test func `a name whose words need it stays one text for whoever joins what is encoded`() {
        let words = EncodedWords.phrase(String(repeating: "ä", count: 100)).split(separator: " ")
        #expect(words.count == 6 && words.allSatisfy { $0.hasPrefix("=?UTF-8?B?") && $0.utf8.count <= 75 })
    }
}
