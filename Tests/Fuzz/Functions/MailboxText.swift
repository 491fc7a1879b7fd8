@testable import Transfer

/// What the servers of a mailbox say: `i` and then an IMAP server's answers, or `x` and then a file of settings.
public enum MailboxText {
    /// A sentence on what is wrong; nil where all is as it should be.
    public static func fault(in octets: [UInt8]) -> String? {
        guard let kind = octets.first else { return nil }
        let rest = Array(octets.dropFirst())
        return kind == UInt8(ascii: "i") ? fault(inAnswers: rest) : fault(inFile: rest)
    }

    private static func fault(inAnswers octets: [UInt8]) -> String? {
        let whole = answers(octets, piece: max(octets.count, 1))
        // How it comes in pieces is the network's doing, and must not show.
        if answers(octets, piece: 1) != whole || answers(octets, piece: 7) != whole {
            return "it depends on the pieces"
        }
        let reply = IMAPCommand.Reply(answers: whole.0)
        if reply.parts.values.contains(where: { $0.count > octets.count }) { return "more than came" }
        let folders = whole.0.compactMap(IMAPFolder.init)
        if folders.contains(where: { $0.name.utf8.count > 8192 }) { return "a name that is too long" }
        if let sent = IMAPFolder.sent(among: folders, named: nil, common: ["Sent"]), !folders.contains(sent) {
            return "a folder that nobody told"
        }
        return IMAPText.date(of: octets).flatMap {
            $0.contains("\"") || $0.utf8.count > 26 ? "a date that is none" : nil
        }
    }

    private static func answers(_ octets: [UInt8], piece: Int) -> ([IMAPAnswer], IMAPFault?) {
        var reader = IMAPReader()
        var answers: [IMAPAnswer] = []
        do throws(IMAPFault) {
            for start in stride(from: 0, to: octets.count, by: piece) {
                reader.add(Array(octets[start..<min(start + piece, octets.count)]))
                while let answer = try reader.next() { answers.append(answer) }
            }
            return (answers, nil)
        } catch {
            return (answers, error)
        }
    }

    private static func fault(inFile octets: [UInt8]) -> String? {
        guard let file = MailAutoconfig(octets, for: "anna@example.at") else { return nil }
        for service in [file.outgoing, file.incoming].compactMap(\.self) {
            guard let server = MailServer(url: service.url) else { return "a URL that is none" }
            if server.host != service.host || server.port != service.port { return "a URL of another server" }
            if service.user.contains(where: \.isWhitespace) { return "a user with space" }
        }
        return nil
    }
}
