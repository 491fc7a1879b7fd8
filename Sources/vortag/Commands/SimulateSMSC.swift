import ArgumentParser
import Foundation
import Logging
import SMPP
import ServiceLifecycle
import UnixSignals

struct SimulateSMSC: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "simulate-smsc",
        abstract: "Runs a real SMPP 3.4 server whose messages meet the fate in the last two digits of their number.",
        discussion: """
            00-89 delivered after 2 s, 91 undeliverable, 92 expired, 93 rejected by recipient, 94 service unreachable, \
            95 provider error, 96 provider refused, 97 accepted and never a receipt, 98 receipt before the response, \
            99 no response at all. Every bind is accepted.
            """
    )

    @Option(help: "Port to listen on; 0 for any that is free.") var port = 2775
    @Option(help: "Address to listen on.") var host = "127.0.0.1"
    @Option(help: "Seconds from the response to the receipt.") var receiptDelay = 2.0
    @Flag(help: "Print each submit_sm as a line of JSON.") var record = false

    func validate() throws {
        guard (0...65_535).contains(port) else { throw ValidationError("--port must be from 0 to 65535.") }
        guard (0...3600).contains(receiptDelay) else {
            throw ValidationError("--receipt-delay must be from 0 to 3600 seconds.")
        }
    }

    func run() async throws {
        var logger = Logger(label: "simulate-smsc") { StreamLogHandler.standardError(label: $0) }
        logger.logLevel = .warning
        try PortCheck.mustBeFree(host, port)
        let smsc = makeSMSC(logger)
        let bound = try await smsc.listen()
        Output.result("listening on \(bound)")
        try await ServiceGroup(
            configuration: .init(services: [smsc], gracefulShutdownSignals: [.sigterm, .sigint], logger: logger)
        ).run()
    }

    private func makeSMSC(_ logger: Logger) -> SimulatedSMSC {
        var configuration = SimulatedSMSCConfiguration()
        configuration.server.host = host
        configuration.server.port = port
        configuration.receiptDelay = .milliseconds(Int64(receiptDelay * 1000))
        configuration.firstMessageID = UInt64(Date().timeIntervalSince1970 * 1000)
        let unixTime: @Sendable () -> Int64 = { Int64(Date().timeIntervalSince1970) }
        guard record else { return SimulatedSMSC(configuration: configuration, logger: logger, unixTime: unixTime) }
        return SimulatedSMSC(configuration: configuration, logger: logger, unixTime: unixTime) { submit in
            Output.result(Self.line(submit))
        }
    }

    private static func line(_ submit: SimulatedSubmit) -> String {
        let fields: [String: Any] = [
            "messageId": submit.messageID ?? "", "fate": submit.fate.rawValue, "systemId": submit.systemID,
            "source": submit.message.source.value, "sourceTon": Int(submit.message.source.typeOfNumber),
            "sourceNpi": Int(submit.message.source.numberingPlan), "destination": submit.message.destination.value,
            "dataCoding": Int(submit.message.dataCoding), "octets": submit.message.octets.map(Int.init),
            "registeredDelivery": Int(submit.message.registeredDelivery),
            "validityPeriod": submit.message.validityPeriod,
        ]
        let data = try? JSONSerialization.data(withJSONObject: fields, options: [.sortedKeys])
        return data.map { String(decoding: $0, as: UTF8.self) } ?? "{}"
    }
}
