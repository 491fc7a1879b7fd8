import Domain
import Transfer

/// Reads what mail servers report of messages that they could not deliver.
public enum BounceReader {
    /// How many octets of a message are looked at; what comes behind is cut off.
    public static let limit = 256 * 1024

    /// What a message reports, one for each recipient of whom it says that delivery failed or is late; none where it is
    /// no such report. Of any octets at all.
    public static func reports(in octets: [UInt8]) -> [BounceReport] {
        []
    }
}
