import Domain
import Foundation
import Hummingbird
import Storage

/// `/usage`: what was sent month by month, what it cost as far as that is known, and how the practice stands to its limit.
enum UsageAPI {
    static let routes = [APIRoute(.get, "/usage", usage)]

    private static func usage(_ call: APICall) async throws -> APIAnswer {
        let count = try call.query.number("months", in: 1...120, standard: 13)
        let lines = try await call.storage.usage.months(call.practice.id, last: count, now: call.now)
        let standing = try await call.storage.usage.standing(call.practice.id, now: call.now)
        return APIAnswer(
            .ok,
            [
                "items": .array(lines.map(render)), "next": .null,
                "limit": standing.limit.map { .integer(Int64($0)) } ?? .null,
                "used": .integer(Int64(standing.used)),
            ]
        )
    }

    private static func render(_ line: UsageLine) -> JSONValue {
        let month = line.month % 100
        return [
            "month": .string("\(line.month / 100)-" + (month < 10 ? "0" : "") + "\(month)"),
            "locationId": .optional(line.locationID?.description),
            "messages": .integer(Int64(line.messages)),
            "segments": .integer(Int64(line.segments)),
            "priced": .integer(Int64(line.priced)),
            "price": .optional(line.price?.decimal),
            "currency": .optional(line.price?.currency),
        ]
    }
}
