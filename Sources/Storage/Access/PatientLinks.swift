import Crypto
import Domain
import Foundation

/// Makes the links to patients' pages, and knows which of them are ours. Nothing about them is stored: a code is made of
/// the appointment's id and of a mark that no one without the key can make, and that goes with one patient.
public struct PatientLinks: Sendable {
    public let address: PatientLinkAddress
    private let names: HiddenNumbers
    private let marks: SymmetricKey
    /// Stands in the names of calendar entries until the installation has a word of its own there.
    let calendarWord: String

    /// nil without a key, and without an address that a link can begin with.
    public init?(_ secrets: SecretBox?, publicURL: String?) {
        guard let secrets, let address = PatientLinkAddress(publicURL: publicURL) else { return nil }
        self.address = address
        names = HiddenNumbers(key: secrets.key(for: "vortag patient links: names"))
        marks = secrets.key(for: "vortag patient links: marks")
        calendarWord = secrets.key(for: "vortag patient links: calendar").withUnsafeBytes { bytes in
            bytes.prefix(6).map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined()
        }
    }

    /// nil for an id beyond what a code can hold.
    ///
    /// - Parameter link: how many links there were before that somebody else got.
    public func code(
        _ appointment: Appointment.ID,
        _ patient: Patient.ID,
        link: Int64 = 0
    ) -> PatientLinkCode? {
        guard let number = UInt64(exactly: appointment.rawValue), let name = names.hidden(number) else { return nil }
        return PatientLinkCode(name: name, mark: mark(appointment, patient, link))
    }

    /// Which appointment the first half names; whether there is one is not known here.
    func appointment(_ code: PatientLinkCode) -> Appointment.ID {
        Identifier(Int64(names.shown(code.name)))
    }

    /// Which of the links of an appointment and its patient the code is; nil where it is none of them.
    func link(_ code: PatientLinkCode, _ appointment: Appointment.ID, _ patient: Patient.ID, last: Int64) -> Int64? {
        (0...last).first { code.mark == mark(appointment, patient, $0) }
    }

    /// What a message says; nil where the page behind it would show its patient nothing.
    ///
    /// - Parameter link: which of the links it is.
    func link(for context: ReminderContext, link: Int64) -> String? {
        guard context.status == .booked, !context.patientMoved, context.reminder.purpose != .confirmation else {
            return nil
        }
        return code(context.reminder.appointmentID, context.reminder.patientID, link: link).map(address.link)
    }

    /// HMAC (RFC 2104) with SHA-256 over both ids, and over the number of the link from the second on, cut to the bits
    /// that a code holds.
    private func mark(_ appointment: Appointment.ID, _ patient: Patient.ID, _ link: Int64) -> UInt64 {
        let ids = bigEndian(appointment.rawValue) + bigEndian(patient.rawValue) + (link > 0 ? bigEndian(link) : [])
        return HMAC<SHA256>.authenticationCode(for: ids, using: marks)
            .prefix(PatientLinkCode.markBits / 8).reduce(0) { $0 << 8 | UInt64($1) }
    }
}

extension PatientLinks? {
    /// How long a location's text may be in this practice.
    func textMaximum(_ practice: Practice) -> Int {
        guard practice.linksEnabled, let self else { return ClosingText.maximumSeptets }
        return self.address.closingTextMaximum
    }
}

/// Numbers in another order that only the key knows, so that none tells how many there are, and nobody finds the next:
/// a Feistel network over 17 and 18 bits, as format-preserving encryption does it (NIST SP 800-38G §4).
struct HiddenNumbers: Sendable {
    private static let lowBits: UInt64 = 18
    private static let highBits = UInt64(PatientLinkCode.nameBits) - lowBits
    private static let rounds: UInt8 = 6

    let key: SymmetricKey

    /// nil where the number has too many bits.
    func hidden(_ number: UInt64) -> UInt64? {
        guard number >> UInt64(PatientLinkCode.nameBits) == 0 else { return nil }
        return (0..<Self.rounds).reduce(number, turned)
    }

    func shown(_ hidden: UInt64) -> UInt64 { (0..<Self.rounds).reversed().reduce(hidden, turned) }

    /// Changes one half by what the key makes of the other; doing it twice changes nothing.
    private func turned(_ number: UInt64, _ round: UInt8) -> UInt64 {
        let low = number & (1 << Self.lowBits - 1)
        let high = number >> Self.lowBits
        let changesLow = round % 2 == 0
        let input = [round] + bigEndian(Int64(changesLow ? high : low))
        let mixed = HMAC<SHA256>.authenticationCode(for: input, using: key)
            .prefix(4).reduce(UInt64(0)) { $0 << 8 | UInt64($1) }
        return changesLow
            ? high << Self.lowBits | (low ^ mixed & (1 << Self.lowBits - 1))
            : (high ^ mixed & (1 << Self.highBits - 1)) << Self.lowBits | low
    }
}

private func bigEndian(_ number: Int64) -> [UInt8] { withUnsafeBytes(of: number.bigEndian) { [UInt8]($0) } }
