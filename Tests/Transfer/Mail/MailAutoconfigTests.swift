import Testing

@testable import Transfer

@Suite struct MailAutoconfigTests {
    private static func server(_ kind: String, _ host: String, _ port: String, _ socket: String, _ more: String = "")
        -> String
    {
        let element = kind == "smtp" ? "outgoingServer" : "incomingServer"
        return """
            <\(element) type="\(kind)"><hostname>\(host)</hostname><port>\(port)</port>
            <socketType>\(socket)</socketType>\(more)</\(element)>
            """
    }

    private static func read(_ servers: String..., head: String = "") -> MailAutoconfig? {
        let text =
            "\(head)<clientConfig version='1.1'><emailProvider id=\"x\">\(servers.joined())</emailProvider></clientConfig>"
        return MailAutoconfig(Array(text.utf8), for: "anna@example.at")
    }

    @Test func `TLS from the first byte on is preferred, and placeholders are filled`() throws {
        let user = "<authentication>password-cleartext</authentication><username>%EMAILLOCALPART%</username>"
        let found = Self.read(
            Self.server("pop3", "pop.example.at", "995", "SSL"),
            Self.server("imap", "a.%EMAILDOMAIN%", "143", "STARTTLS"),
            Self.server("imap", "IMAP.example.at", "993", "SSL"),
            Self.server("smtp", "s.example.at", "587", "STARTTLS"),
            Self.server("smtp", "s.example.at", "2465", "SSL", user),
            head: "\u{FEFF}<?xml version=\"1.0\"?>\n<!-- by hand -->\n"
        )
        let file = try #require(found)
        #expect(file.outgoing.url == "smtps://s.example.at:2465" && file.outgoing.user == "anna")
        #expect(file.incoming?.url == "imaps://imap.example.at" && file.incoming?.user == "anna@example.at")
    }

    @Test func `a token alone is told as such`() {
        let ways = "<authentication>OAuth2</authentication>"
        #expect(Self.read(Self.server("smtp", "s.example.at", "465", "SSL", ways))?.outgoing.isTokenOnly == true)
    }

    @Test(arguments: [
        ("s.example.at", "465", "plain", ""), ("s.example.at", "0", "SSL", ""), ("s.example.at", "70000", "SSL", ""),
        ("s.example.at/x", "465", "SSL", ""), ("", "465", "SSL", ""), ("user@s.example.at", "465", "SSL", ""),
        ("s.example.at", "465", "SSL", "<authentication>NTLM</authentication>"),
        ("s.example.at", "465", "SSL", "<username>a b</username>"),
    ])
    func `a server that is not protected or makes no sense is left out`(
        host: String,
        port: String,
        socket: String,
        more: String
    ) {
        #expect(Self.read(Self.server("smtp", host, port, socket, more)) == nil)
    }

    @Test(arguments: [
        ("<a b='1' c=\"&lt;&#65;&#x42;&amp;\">x &quot; <!-- - --> <b/><![CDATA[<z>&]]></a>", "x \"  <z>&"),
        ("<a>\n y \n</a>\n<!-- end -->", "y"),
    ])
    func `elements, attributes and texts are read`(text: String, expected: String) {
        #expect(XMLTree.read(Array(text.utf8))?.text == expected)
    }

    @Test func `attributes have their characters`() {
        #expect(XMLTree.read(Array("<a b=\"&lt;&#65;&#x42;&amp;\"/>".utf8))?.attributes == ["b": "<AB&"])
    }

    @Test(arguments: [
        "", "x", "<a>", "<a></b>", "<a", "<a b></a>", "<a b=c></a>", "<a b='1' b='2'/>", "<a b='1'c='2'/>", "<a/><b/>",
        "<a>&unknown;</a>", "<a>&#xD800;</a>", "<a>& </a>", "<a b='<'/>", "<!-- <a/>", "<a><!-- </a>",
        "<!DOCTYPE a [<!ENTITY b \"c\">]><a>&b;</a>", "<!DOCTYPE a SYSTEM \"file:///etc/passwd\"><a/>",
        "<a>\(String(repeating: "<b>", count: 20))\(String(repeating: "</b>", count: 20))</a>",
        "<a>\(String(repeating: "<b/>", count: 1001))</a>",
    ])
    func `what is not well-formed, or could do something, is no document`(text: String) {
        #expect(XMLTree.read(Array(text.utf8)) == nil)
    }

    @Test func `octets that are no UTF-8 are no document`() {
        #expect(XMLTree.read(Array("<a>".utf8) + [0xFF] + Array("</a>".utf8)) == nil)
    }
}
