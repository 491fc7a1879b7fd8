import Domain
import Foundation
import Hummingbird
import Storage

/// The log as a file for spreadsheets: RFC 4180 with semicolons, which is what a German Excel splits at, and a byte order
/// mark, without which it reads no UTF-8. The pages of the log are read one after the other while they are sent, so that
/// a million lines lie nowhere together.
struct LogExport: Sendable {
    static let path = "/nachrichten/export.csv"

    let query: LogQuery
    let visit: Visit

    func response() -> Response {
        Response(
            status: .ok,
            headers: [
                .contentType: "text/csv; charset=utf-8",
                .contentDisposition: "attachment; filename=\"nachrichten-\(visit.today.iso).csv\"",
            ],
            body: ResponseBody { writer in
                try await writer.write(ByteBuffer(string: "\u{FEFF}" + CSV.line(header)))
                try await write(to: &writer)
                try await writer.finish(nil)
            }
        )
    }

    private func write(to writer: inout any ResponseBodyWriter) async throws {
        let filter = query.filter(in: visit.practice.timeZone)
        var cursor: String?
        repeat {
            let request = PageRequest(limit: 200, cursor: cursor)
            let page = try await visit.storage.messages.list(visit.practiceID, filter, request)
            try await writer.write(ByteBuffer(string: page.items.map { CSV.line(cells($0)) }.joined()))
            cursor = page.next
        } while cursor != nil
    }

    private static let columns = [
        "id", "channel", "purpose", "patient", "recipient", "appointment", "location", "planned", "begun", "submitted",
        "delivered", "status", "code", "note", "attempts", "provider", "provider_id", "sender", "segments", "price",
        "currency", "subject", "text",
    ]

    private var header: [String] { Self.columns.map { visit.words("log.column." + $0) } }

    private func cells(_ row: LogRow) -> [String] {
        let message = row.message
        let view = MessageView.view(row, visit)
        let isCancellation = row.purpose == .correction && row.saysCancelled
        let purpose = isCancellation ? "cancellation" : row.purpose.rawValue
        let at = { (date: Date?) in date.map { Self.text($0, row.timeZone) } ?? "" }
        return [
            message.id.description, view.channel, visit.words("log.purpose." + purpose), row.patientName,
            message.recipient.isEmpty ? "" : view.recipient, at(row.appointmentStart), row.locationName ?? "",
            at(row.dueAt), at(message.createdAt), at(message.submittedAt), at(message.deliveredAt), view.status,
            message.state.status?.rawValue ?? "", view.notes.joined(separator: ", "), String(message.attempts),
            row.providerName ?? "", message.providerMessageID ?? "", message.sender, String(message.segments),
            message.price.map { $0.decimal.replacing(".", with: visit.words("number.point")) } ?? "",
            message.price?.currency ?? "", row.mail?.subject ?? "", message.text,
        ]
    }

    /// `2027-03-01 07:00:04` in the location's zone: spreadsheets of every language read it as a time.
    private static func text(_ date: Date, _ zone: TimeZone) -> String {
        let wall = WallTime.of(date, in: zone)
        let second = wall.second < 10 ? "0\(wall.second)" : String(wall.second)
        return "\(wall.date.iso) \(wall.clock):\(second)"
    }
}
