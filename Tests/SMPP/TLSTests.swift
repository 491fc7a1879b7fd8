import Foundation
import SMPP
import Testing

/// Certificates made for this run by openssl.
private struct Certificates: Sendable {
    let folder: URL

    init() throws {
        folder = FileManager.default.temporaryDirectory.appending(path: "vortag-certificates-\(UUID())")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        let process = Process()
        process.executableURL = ForeignSMSC.root.appending(path: "Tests/Peers/make-certificates")
        process.arguments = [folder.path]
        try process.run()
        process.waitUntilExit()
        guard process.terminationStatus == 0 else {
            throw ForeignSMSC.Missing(description: "openssl did not make the certificates. Run `make setup`.")
        }
    }

    func pem(_ name: String) throws -> [UInt8] { Array(try Data(contentsOf: folder.appending(path: name + ".pem"))) }

    func arguments(_ name: String) -> [String] {
        [
            "--certificate", folder.appending(path: name + ".pem").path, "--key",
            folder.appending(path: name + ".key").path,
        ]
    }

    func remove() { try? FileManager.default.removeItem(at: folder) }
}

@Suite("TLS towards the SMSC of smpp34", .timeLimit(.minutes(5)))
struct TLSTests {
    /// 2027-03-11, within the certificates' time but for those that say otherwise.
    private static let now: Int64 = 1_804_748_400

    /// Submits one message to an SMSC with this certificate.
    private func submit(
        certificate: String,
        authority: String? = "ca",
        host: String = "localhost",
        usesTLS: Bool = true
    ) async throws -> SubmitResult {
        let certificates = try Certificates()
        defer { certificates.remove() }
        let smsc = try await ForeignSMSC(.smpp34, certificates.arguments(certificate))
        defer { smsc.kill() }
        let authorities = try authority.map { SMPPClientTLS.Authorities.pem(try certificates.pem($0)) } ?? .system
        let client = SMPPClient(
            configuration: SMPPClientConfiguration(
                host: host,
                port: smsc.port,
                systemID: "practice",
                password: "secret",
                tls: usesTLS ? SMPPClientTLS(authorities: authorities) { Self.now } : nil,
                responseTimeout: .seconds(60),
                // A client that the SMSC does not speak to gives up then; others have the time that a busy machine takes.
                connectTimeout: usesTLS ? .seconds(60) : .seconds(5),
                backoff: ReconnectBackoff(initial: .milliseconds(20), maximum: .milliseconds(50))
            ),
            logger: LoopbackWorld.logger,
            random: { 0.5 },
            onDeliver: each { _ in true }
        )
        return await withTaskGroup(of: Void.self) { group in
            group.addTask { try? await client.run() }
            defer { group.cancelAll() }
            return await client.submit(LoopbackWorld.message())
        }
    }

    @Test(
        "an SMSC whose certificate is right is believed, by its name and by its address",
        arguments: ["localhost", "127.0.0.1"]
    )
    func right(_ host: String) async throws {
        #expect(try await submit(certificate: "good", host: host) == .accepted(messageID: "smpp34-1"))
    }

    @Test(
        "an SMSC whose certificate is wrong gets nothing, and the reason is told",
        arguments: [
            ("good", "other-ca", "localhost", .certificateUntrusted), ("good", nil, "localhost", .certificateUntrusted),
            ("expired", "ca", "localhost", .certificateExpired), ("future", "ca", "localhost", .certificateNotYetValid),
            ("othername", "ca", "localhost", .certificateForAnotherName),
            ("othername", "ca", "127.0.0.1", .certificateForAnotherName),
        ] as [(String, String?, String, TLSProblem)]
    )
    func wrong(_ certificate: String, _ authority: String?, _ host: String, _ problem: TLSProblem) async throws {
        let result = try await submit(certificate: certificate, authority: authority, host: host)
        #expect(result == .notSent(.tlsFailed(problem)))
    }

    @Test("without TLS an SMSC that wants it gets nothing")
    func plain() async throws {
        let result = try await submit(certificate: "good", usesTLS: false)
        #expect(result == .notSent(.notBound))
    }

    @Test("a port at which SMPP is spoken in the clear is told as such")
    func noTLS() async throws {
        try await LoopbackWorld.run(configure: {
            $0.tls = SMPPClientTLS { Self.now }
            $0.connectTimeout = .seconds(60)
        }) { world in
            #expect(await world.client.submit(LoopbackWorld.message()) == .notSent(.tlsFailed(.noTLS)))
        }
    }

    @Test("a file without certificates is none", arguments: ["", "x", "-----BEGIN CERTIFICATE-----\nx\n"])
    func unreadable(_ text: String) {
        #expect(!SMPPClientTLS.isReadable(pem: Array(text.utf8)))
    }
}
