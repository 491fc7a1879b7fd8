/// Unpredictable bytes and numbers from the system's generator.
enum Entropy {
    static func bytes(_ count: Int) -> [UInt8] {
        var generator = SystemRandomNumberGenerator()
        return (0..<count).map { _ in UInt8.random(in: .min ... .max, using: &generator) }
    }

    /// 0..<1
    static func fraction() -> Double { .random(in: 0..<1) }

    static func hexadecimal(_ count: Int) -> String {
        bytes(count).map { byte in (byte < 16 ? "0" : "") + String(byte, radix: 16) }.joined()
    }
}
