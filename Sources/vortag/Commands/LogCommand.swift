import ArgumentParser
import Domain
import Foundation
import Storage
import Web

struct LogCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "log",
        abstract: "Shows what became of every message, the newest first."
    )

    @Option(help: "Id of the practice.") var practice: Practice.ID
    @Option(help: "sms or email.") var channel: String?
    @Flag(help: "Go on with each change until interrupted.") var follow = false
    @Flag(help: "One JSON object a line.") var json = false

    func run() async throws {
        let installation = try await Installation.open()
        let practice = try await installation.storage.practices.find(practice)
        let printer = LogPrinter(practice: practice, catalogue: try Resources.catalogue(), json: json)
        var filter = MessageFilter()
        if let channel {
            guard let known = Channel(rawValue: channel) else {
                throw CommandFailure(.data, "--channel: must be sms or email")
            }
            filter.channel = known
        }
        if follow {
            try await printAndFollow(installation.storage, practice.id, filter, printer)
        } else {
            try await printAll(installation.storage, practice.id, filter, printer)
        }
    }

    private func printAll(
        _ storage: Storage,
        _ practice: Practice.ID,
        _ filter: MessageFilter,
        _ printer: LogPrinter
    ) async throws {
        var cursor: String?
        repeat {
            let page = try await storage.messages.list(practice, filter, PageRequest(limit: 200, cursor: cursor))
            page.items.forEach { printer.show($0) }
            cursor = page.next
        } while cursor != nil
    }

    /// The newest fifty, then each message again whenever something about it changes.
    private func printAndFollow(
        _ storage: Storage,
        _ practice: Practice.ID,
        _ filter: MessageFilter,
        _ printer: LogPrinter
    ) async throws {
        var shown: [Message.ID: Message] = [:]
        while !Task.isCancelled {
            let page = try await storage.messages.list(practice, filter, PageRequest(limit: 200, cursor: nil))
            for row in page.items.reversed() where shown[row.message.id] != row.message { printer.show(row) }
            shown = Dictionary(page.items.map { ($0.message.id, $0.message) }) { first, _ in first }
            try await Task.sleep(for: .seconds(1))
        }
    }
}

/// Writes log rows for people or for programs.
struct LogPrinter {
    let practice: Practice
    let catalogue: Catalogue
    let json: Bool

    func show(_ row: LogRow) {
        let message = row.message
        let at = message.submittedAt ?? message.createdAt
        let status = message.state.status?.rawValue
        let sentence =
            message.state.status.map { catalogue.status($0, message.channel, practice.language) }
            ?? catalogue.text("message.unclear", practice.language)
        guard json else {
            let wall = WallTime.of(at, in: row.timeZone).iso
            let bounce = message.bounce.map { ": " + catalogue.text("bounce.\($0.rawValue).word", practice.language) }
            let reason = bounce ?? (row.detail.isEmpty ? "" : " (\(row.detail))")
            return Output.result(
                "\(wall)  \(message.channel.rawValue)  \(message.recipient)  \(row.patientName)  \(sentence)"
                    + reason
            )
        }
        let line = Line(
            id: message.id.description,
            channel: message.channel.rawValue,
            to: message.recipient,
            sender: message.sender,
            subject: row.mail?.subject,
            text: message.text,
            segments: message.segments,
            status: Nullable(value: status),
            statusText: sentence,
            bounceReason: message.bounce?.rawValue,
            detail: row.detail,
            submittedAt: message.submittedAt.map { RFC3339.format($0, in: row.timeZone) },
            deliveredAt: message.deliveredAt.map { RFC3339.format($0, in: row.timeZone) },
            attempts: message.attempts,
            providerId: message.providerID?.description,
            providerMessageId: message.providerMessageID,
            possiblyTwice: message.possiblyTwice,
            unclear: message.state.unclear
        )
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        if let data = try? encoder.encode(line) { Output.result(String(decoding: data, as: UTF8.self)) }
    }

    /// Written as null where there is none, and not left out.
    private struct Nullable: Encodable {
        let value: String?

        func encode(to encoder: any Encoder) throws {
            var container = encoder.singleValueContainer()
            if let value { try container.encode(value) } else { try container.encodeNil() }
        }
    }

    /// The names of the JSON interface.
    private struct Line: Encodable {
        let id, channel, to, sender: String
        let subject: String?
        let text: String
        let segments: Int
        let status: Nullable
        let statusText: String
        let bounceReason: String?
        let detail: String
        let submittedAt, deliveredAt: String?
        let attempts: Int
        let providerId, providerMessageId: String?
        let possiblyTwice, unclear: Bool
    }
}
