import Crypto
import Domain
import Foundation

/// What the signatures of several providers are made of.
enum HookSignature {
    /// SHA-256 over what tells one call from another where nothing is signed: how it was called, its body, and the hour: of
    /// what somebody writes with the same words on another day, some gateways tell no difference.
    static func fingerprint(_ request: HookRequest) -> [UInt8] {
        let query = request.url.drop { $0 != "?" }
        let hour = Int(request.receivedAt.timeIntervalSince1970 / 3600)
        return fingerprint(Array((request.method + "\n" + query + "\n\(hour)\n").utf8) + request.body)
    }

    static func fingerprint(_ signed: [UInt8]) -> [UInt8] { Array(SHA256.hash(data: signed)) }

    static func hex(_ octets: some Sequence<UInt8>) -> String {
        octets.map { octet in (octet < 16 ? "0" : "") + String(octet, radix: 16) }.joined()
    }

    /// nil for an odd number of digits, or for anything but digits.
    static func octets(hex text: String) -> [UInt8]? {
        let digits = Array(text.utf8)
        guard digits.count.isMultiple(of: 2) else { return nil }
        var octets: [UInt8] = []
        for place in stride(from: 0, to: digits.count, by: 2) {
            guard let octet = UInt8(String(decoding: digits[place...place + 1], as: UTF8.self), radix: 16),
                digits[place] != UInt8(ascii: "+")
            else { return nil }
            octets.append(octet)
        }
        return octets
    }
}
