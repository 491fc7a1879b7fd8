import Domain
import Foundation

extension Words {
    /// `0,075 €`, `12,00 CHF`
    func price(_ price: Price) -> String {
        let parts = price.decimal.split(separator: ".", maxSplits: 1)
        let whole = parts.first.flatMap { Int($0) }.map(number) ?? "0"
        let amount = whole + self("number.point") + (parts.last ?? "00")
        return price.currency == "EUR"
            ? self("price.euro", ["amount": amount])
            : self("price.other", ["amount": amount, "currency": price.currency])
    }

    /// `März 2027` for 202703.
    func month(_ month: Int) -> String { self("date.month.\(month % 100)") + " " + String(month / 100) }

    /// `a`, `a und b`, `a, b und c`
    func list(_ items: [String]) -> String {
        guard let last = items.last, items.count > 1 else { return items.first ?? "" }
        return items.dropLast().joined(separator: ", ") + self("list.and") + last
    }

    /// `09:12` of today, else `Mo 01.03., 09:12`.
    func since(_ instant: Date, zone: TimeZone, today: LocalDate) -> String {
        let wall = WallTime.of(instant, in: zone)
        return wall.date == today ? clock(wall) : short(wall)
    }
}
