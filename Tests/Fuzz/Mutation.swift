/// Numbers that are the same in every run (xorshift64*).
struct SeededNumbers: RandomNumberGenerator {
    var state: UInt64

    mutating func next() -> UInt64 {
        state ^= state >> 12
        state ^= state << 25
        state ^= state >> 27
        return state &* 2_685_821_657_736_338_717
    }
}

/// What a fuzzer does to an input, in short: octets changed, cut out, put in, doubled, and two inputs joined.
enum Mutation {
    /// Values at which lengths go wrong.
    private static let edges: [UInt8] = [0x00, 0x01, 0x0F, 0x10, 0x20, 0x7F, 0x80, 0xFE, 0xFF]

    static func of(_ input: [UInt8], and other: [UInt8], using numbers: inout SeededNumbers) -> [UInt8] {
        var octets = input
        for _ in 0..<Int.random(in: 1...4, using: &numbers) {
            let place = Int.random(in: 0...octets.count, using: &numbers)
            let end = min(place + Int.random(in: 1...16, using: &numbers), octets.count)
            switch Int.random(in: 0..<6, using: &numbers) {
            case 0 where place < octets.count: octets[place] = edges.randomElement(using: &numbers) ?? 0
            case 1 where place < octets.count: octets[place] ^= 1 << UInt8.random(in: 0..<8, using: &numbers)
            case 2: octets.removeSubrange(place..<end)
            case 3: octets.insert(contentsOf: octets[place..<end], at: place)
            case 4: octets.insert(UInt8.random(in: 0...255, using: &numbers), at: place)
            default:
                octets = Array(octets[..<place] + other.dropFirst(Int.random(in: 0...other.count, using: &numbers)))
            }
        }
        return octets
    }
}
