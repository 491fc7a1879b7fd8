import Domain
import Transfer

/// Finds the settings of a mailbox by its address: in the table of vendors, else in what the domain says of itself (SRV
/// records, its file for mail programs), else by the host that takes its mail. All that the network says is proposals.
public struct MailServerFinder: Sendable {
    private let names: NameService
    private let client: HTTPClient
    private let usesNetwork: Bool
    /// Where a domain may have its file of settings.
    private let places: @Sendable (String) -> [String]

    /// - Parameter loopbackOnly: asks nobody, as while the clock is set by hand; the table alone answers.
    public init(loopbackOnly: Bool) {
        var configuration = HTTPClient.Configuration()
        configuration.timeout = .seconds(5)
        configuration.largestBody = 64 * 1024
        // Domains are typed by people; none of them leads into this house.
        configuration.reach = .publicOnly
        self.init(
            names: NameService(),
            client: HTTPClient(configuration),
            usesNetwork: !loopbackOnly,
            places: MailAutoconfig.places
        )
    }

    init(
        names: NameService,
        client: HTTPClient,
        usesNetwork: Bool = true,
        places: @escaping @Sendable (String) -> [String]
    ) {
        self.names = names
        self.client = client
        self.usesNetwork = usesNetwork
        self.places = places
    }

    /// As ``Domain/MailServerFinding``.
    public func candidates(for address: EmailAddress) async -> [MailServerCandidate] {
        let ascii = MailAddressForm.ascii(address.value)
        let domain = ascii.split(separator: "@").last.map { $0.lowercased() } ?? ""
        if let known = KnownMailServer.of(domain: domain) {
            return [known.candidate(for: address, source: .known(vendor: known.name))]
        }
        guard usesNetwork else { return [] }
        async let byRecord = serviceRecords(address, domain)
        async let byFile = autoconfig(address, domain)
        async let byExchanger = exchanger(address, domain)
        var found: [MailServerCandidate] = []
        // A vendor that is known tells more than its servers' names: how to sign in, who keeps the copies.
        for candidate in await [byExchanger, byRecord, byFile].compactMap(\.self)
        where !found.contains(where: { $0.smtpURL == candidate.smtpURL && $0.imapURL == candidate.imapURL }) {
            found.append(candidate)
        }
        return found
    }

    private func exchanger(_ address: EmailAddress, _ domain: String) async -> MailServerCandidate? {
        for host in await names.mailExchangers(of: domain) ?? [] {
            guard let known = KnownMailServer.of(exchanger: host) else { continue }
            return known.candidate(for: address, source: .mailExchanger(vendor: known.name, host: host))
        }
        return nil
    }

    /// RFC 6186 §3, RFC 8314 §5.1: TLS from the first byte on before STARTTLS.
    private func serviceRecords(_ address: EmailAddress, _ domain: String) async -> MailServerCandidate? {
        async let submissions = names.places(of: "_submissions._tcp", in: domain)
        async let submission = names.places(of: "_submission._tcp", in: domain)
        async let imaps = names.places(of: "_imaps._tcp", in: domain)
        async let imap = names.places(of: "_imap._tcp", in: domain)
        let outgoing = await [Self.url(.smtps, submissions), Self.url(.smtp, submission)]
        let incoming = await [Self.url(.imaps, imaps), Self.url(.imap, imap)]
        guard let smtpURL = outgoing.compactMap(\.self).first else { return nil }
        return MailServerCandidate(
            smtpURL: smtpURL,
            imapURL: incoming.compactMap(\.self).first ?? "",
            user: address.value,
            source: .serviceRecord
        )
    }

    private static func url(_ scheme: MailServer.Scheme, _ places: [NameService.Place]?) -> String? {
        places?.first { !$0.host.isEmpty && $0.port > 0 }.map { MailServer.url(scheme, $0.host, $0.port) }
    }

    private func autoconfig(_ address: EmailAddress, _ domain: String) async -> MailServerCandidate? {
        for place in places(domain) {
            guard let answer = await document(place), let file = MailAutoconfig(answer, for: address.value) else {
                continue
            }
            let isTokenOnly = file.outgoing.isTokenOnly
            return MailServerCandidate(
                smtpURL: file.outgoing.url,
                imapURL: file.incoming?.url ?? "",
                user: file.outgoing.user,
                signIn: isTokenOnly ? .oauth : .password,
                source: .autoconfig(url: place),
                page: place
            )
        }
        return nil
    }

    private func document(_ place: String) async -> [UInt8]? {
        do throws(HTTPFailure) {
            let answer = try await client.answer(to: HTTPRequest(.get, place))
            return answer.status == 200 ? answer.body : nil
        } catch {
            // A domain without such a file is no trouble.
            return nil
        }
    }
}
