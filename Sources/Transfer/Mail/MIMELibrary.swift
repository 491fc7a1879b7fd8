// Internet messages over GMime: writing one, taking one apart, addresses in ASCII.
// No word of ours and no meaning: what a message is for is decided elsewhere.
import CGMime

/// GMime is started once, by whoever needs it first. What it makes is used by one thread at a time.
enum MIMELibrary {
    static let isStarted = vortag_mime_start()

    /// Takes over what the library made; nil for NULL.
    static func text(_ made: UnsafeMutablePointer<CChar>?) -> String? {
        guard let made else { return nil }
        defer { vortag_mime_free(made) }
        return String(cString: made)
    }

    static func octets(_ made: UnsafeMutablePointer<CChar>?, _ count: Int) -> [UInt8]? {
        guard let made else { return nil }
        defer { vortag_mime_free(made) }
        return Array(UnsafeRawBufferPointer(start: made, count: count))
    }
}

/// Addresses as they go over the wire.
public enum MailAddressForm {
    /// The domain as A-labels (IDNA2008, RFC 5891), so that servers without SMTPUTF8 carry it; the local part stays.
    /// As it is where the domain is none that can be written so.
    public static func ascii(_ address: String) -> String {
        guard !address.utf8.allSatisfy({ $0 < 0x80 }), MIMELibrary.isStarted, !address.utf8.contains(0) else {
            return address
        }
        return MIMELibrary.text(vortag_mime_ascii_address(address)) ?? address
    }

    /// Whether only a server with SMTPUTF8 can carry it (RFC 6531): its local part has other characters than ASCII.
    public static func isInternational(_ address: String) -> Bool { ascii(address).utf8.contains { $0 >= 0x80 } }

    /// Whether nothing in it can end it or begin another: a local part and a domain of characters that need no quoting
    /// (RFC 5322 §3.2.3, RFC 6532 §3.2).
    static func isPlain(_ address: String) -> Bool {
        let parts = address.split(separator: "@", omittingEmptySubsequences: false)
        let isForbidden = { (scalar: Unicode.Scalar) in
            scalar.properties.isWhitespace || "()<>[]:;,\\\"".unicodeScalars.contains(scalar)
                || MIMEText.isHidden(scalar)
        }
        return parts.count == 2 && parts.allSatisfy { !$0.isEmpty && !$0.unicodeScalars.contains(where: isForbidden) }
    }
}
