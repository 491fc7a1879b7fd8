import Foundation
import Testing

@testable import Storage

@Suite("Codes of an authenticator app")
struct OneTimeCodeTests {
    private static let secret = Array("12345678901234567890".utf8)

    /// RFC 4226, appendix D.
    @Test(arguments: [
        (0, "755224"), (1, "287082"), (2, "359152"), (3, "969429"), (4, "338314"), (5, "254676"), (6, "287922"),
        (7, "162583"), (8, "399871"), (9, "520489"),
    ])
    func `The codes of a counter are those of RFC 4226`(_ counter: Int64, _ code: String) {
        #expect(OneTimeCode.code(Self.secret, counter: counter) == code)
    }

    /// RFC 6238, appendix B, the rows of SHA-1.
    @Test(arguments: [
        (59.0, "94287082"), (1_111_111_109, "07081804"), (1_111_111_111, "14050471"), (1_234_567_890, "89005924"),
        (2_000_000_000, "69279037"), (20_000_000_000, "65353130"),
    ])
    func `The codes of a moment are those of RFC 6238`(_ seconds: Double, _ code: String) {
        let step = OneTimeCode.step(at: Date(timeIntervalSince1970: seconds))
        #expect(OneTimeCode.code(Self.secret, counter: step, digits: 8) == code)
    }

    @Test(arguments: [(-60.0, false), (-30, true), (0, true), (30, true), (60, false)])
    func `A clock may be a step away, and no further`(_ difference: Double, _ isTaken: Bool) {
        let now = Date(timeIntervalSince1970: 1_803_891_600)
        let code = OneTimeCode.code(Self.secret, counter: OneTimeCode.step(at: now + difference))
        #expect((OneTimeCode.step(of: code, Self.secret, now: now, after: nil) != nil) == isTaken)
    }

    @Test func `A code is taken once, and none that is older`() {
        let now = Date(timeIntervalSince1970: 1_803_891_600)
        let step = OneTimeCode.step(at: now)
        let codes = [step - 1, step, step + 1].map { OneTimeCode.code(Self.secret, counter: $0) }
        let taken = codes.map { OneTimeCode.step(of: $0, Self.secret, now: now, after: step) }
        #expect(taken == [nil, nil, step + 1])
    }

    /// RFC 4648 §10, without padding.
    @Test(arguments: [
        ("", ""), ("f", "MY"), ("fo", "MZXQ"), ("foo", "MZXW6"), ("foob", "MZXW6YQ"), ("fooba", "MZXW6YTB"),
        ("foobar", "MZXW6YTBOI"),
    ])
    func `Base32 is that of RFC 4648`(_ text: String, _ encoded: String) {
        #expect(Base32.encode(Array(text.utf8)) == encoded)
    }
}
