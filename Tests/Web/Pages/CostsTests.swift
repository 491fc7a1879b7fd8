import Domain
import Foundation
import Testing

@testable import Web

@Suite("Amounts")
struct AmountTests {
    @Test(
        "A price stands as people of the language write it",
        arguments: [
            (75_000, "EUR", Language.german, "0,075\u{A0}€"), (900_000, "EUR", .german, "0,90\u{A0}€"),
            (12_345_670_000, "CHF", .german, "12\u{202F}345,67\u{A0}CHF"), (75_000, "EUR", .english, "€0.075"),
            (0, "EUR", .german, "0,00\u{A0}€"),
        ]
    )
    func prices(micros: Int64, currency: String, language: Language, text: String) throws {
        #expect(try RealResources.words(language).price(Price(micros: micros, currency: currency)) == text)
    }

    @Test(
        "A price written as a decimal is read as the same price",
        arguments: [1, 75_000, 100_000, 12_345_678] as [Int64]
    )
    func decimals(micros: Int64) {
        let price = Price(micros: micros, currency: "EUR")
        #expect(Price(decimal: price.decimal, currency: "EUR") == price)
    }

    @Test("Names stand in a row as people say them")
    func lists() throws {
        let words = try RealResources.words()
        #expect([[], ["a"], ["a", "b"], ["a", "b", "c"]].map(words.list) == ["", "a", "a und b", "a, b und c"])
        #expect(words.month(202703) == "März 2027")
    }
}
