import Domain

@testable import Channels

/// A message that may be a report of a mail server.
public enum BounceMessage {
    /// A sentence on what is wrong; nil where all is as it should be.
    public static func fault(in octets: [UInt8]) -> String? {
        _ = ReportFields.mayBeReport(octets)
        let reports = BounceReader.reports(in: octets)
        if reports.count > BounceReader.mostRecipients { return "too many recipients" }
        for report in reports {
            if report.detail.count > 200 { return "a detail that is too long" }
            if report.detail.contains("@") { return "a detail with an address" }
            if report.detail.unicodeScalars.contains(where: { $0.properties.generalCategory == .control }) {
                return "a detail with controls"
            }
            if let name = report.name, name.isEmpty || name.utf8.contains(where: { !(0x21...0x7E).contains($0) }) {
                return "a name that is none"
            }
        }
        return nil
    }
}
