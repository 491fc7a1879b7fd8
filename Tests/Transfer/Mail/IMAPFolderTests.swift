import Testing

@testable import Transfer

@Suite struct IMAPFolderTests {
    private static let common = ["Sent", "Sent Items", "Gesendet", "Gesendete Objekte"]

    private static func folder(_ name: String, _ separator: Character? = "/", _ attributes: String...) -> IMAPFolder {
        IMAPFolder(raw: Array(name.utf8), separator: separator, attributes: Set(attributes))
    }

    private static func sent(_ folders: [IMAPFolder], named wanted: String? = nil) -> String? {
        IMAPFolder.sent(among: folders, named: wanted, common: common)?.name
    }

    @Test(arguments: [
        ("INBOX", "INBOX"), ("Gel&APY-scht", "Gel\u{f6}scht"), ("&-", "&"), ("A&-B &AOQ-", "A&B \u{e4}"),
        ("&2D3eAA-", "\u{1f600}"), ("&AOQ", "&AOQ"), ("&!!-", "&!!-"), ("&AA-", "&AA-"), ("", ""),
    ])
    func `names are read from modified UTF-7`(raw: String, expected: String) {
        #expect(IMAPText.folderName(Array(raw.utf8)) == expected)
    }

    @Test(
        arguments: [
            (["INBOX"], "/", "Sent"), (["INBOX", "INBOX.Archiv"], ".", "INBOX.Sent"),
            (["INBOX", "Archiv", "INBOX.Alt"], ".", "Sent"), ([], nil, "Sent"),
        ] as [([String], Character?, String)]
    )
    func `a new one lies beside the others`(names: [String], separator: Character?, expected: String) {
        #expect(IMAPFolder.newSent(beside: names.map { Self.folder($0, separator) }).name == expected)
    }

    @Test func `the folder that the server marks wins, whatever it is called`() {
        let folders = [Self.folder("Sent"), Self.folder("Ausgang", "/", "\\sent"), Self.folder("Eigener")]
        #expect(Self.sent(folders, named: "Eigener") == "Ausgang")
    }

    @Test func `a marked folder that holds no messages is none`() {
        #expect(Self.sent([Self.folder("X", "/", "\\sent", "\\noselect"), Self.folder("Sent")]) == "Sent")
    }

    @Test(arguments: [
        ("Praxis/Weg", "Praxis/Weg"), ("praxis/weg", "Praxis/Weg"), ("sent", "INBOX/Sent"), ("anders", nil),
        ("Gel\u{f6}scht", "Gel\u{f6}scht"),
    ])
    func `the folder named by hand is taken, and no other in its place`(wanted: String, expected: String?) {
        let folders = [Self.folder("INBOX/Sent"), Self.folder("Praxis/Weg"), Self.folder("Gel&APY-scht")]
        #expect(Self.sent(folders, named: wanted) == expected)
    }

    @Test(
        arguments: [
            (["INBOX", "INBOX.Sent"], ".", "INBOX.Sent"), (["[Gmail]/Gesendet"], "/", "[Gmail]/Gesendet"),
            (["Gesendet", "Sent Items"], "/", "Sent Items"), (["GESENDETE OBJEKTE"], nil, "GESENDETE OBJEKTE"),
            (["Archiv/Sent"], "/", nil), (["Sentimental"], "/", nil), ([], "/", nil),
        ] as [([String], Character?, String?)]
    )
    func `else it is one of the common names`(names: [String], separator: Character?, expected: String?) {
        #expect(Self.sent(names.map { Self.folder($0, separator) }) == expected)
    }

    @Test func `an answer to LIST is a folder`() throws {
        var reader = IMAPReader()
        reader.add(Array("* LIST (\\Sent) \".\" {9}\r\nGesendet \r\n* LIST (\\Sent) \".\"\r\n".utf8))
        let first = try #require(try reader.next())
        #expect(IMAPFolder(first) == IMAPFolder(raw: Array("Gesendet ".utf8), separator: ".", attributes: ["\\sent"]))
        let second = try #require(try reader.next())
        #expect(IMAPFolder(second) == nil)
    }
}
