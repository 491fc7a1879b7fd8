import Domain
import Foundation
import Testing

@testable import Channels

/// The pages in Tests/Browser/mail are what a browser is shown by Tests/Browser/test_mail_html.py.
@Suite struct MailHTMLTests {
    private static let link = "https://termine.example.at/abmelden/abcdefghijklmnopqrstuvwxyz012345?a=1&b=2"

    private static let letter = """
        Guten Tag Anna Huber,

        wir erinnern Sie an Ihren Termin am Dienstag, 02.03.2027 um 10:30 Uhr.

        Ort: Praxis am Ring, Ring 1, 1010 Wien

        Falls Sie den Termin nicht wahrnehmen können, geben Sie uns bitte Bescheid.

        Freundliche Grüße
        Praxis Huber
        """

    private static func page(_ name: String) throws -> String {
        switch name {
        case "reminder":
            return MailHTML.page(try .sample(text: letter), unsubscribeURL: link)
        case "linked":
            return MailHTML.page(
                try .sample(text: letter, link: "https://termine.example.at/t/7k3m9qx2b4hn8wz"),
                unsubscribeURL: link
            )
        case "cancelled":
            let text =
                "Hello,\n\nyour appointment on Tuesday, 02.03.2027, 10:30 will not take place.\n\nKind regards\nHuber"
            let entry = CalendarEntry.sample(method: .cancel)
            let mail = try ComposedMail.sample(
                subject: "Cancelled",
                text: text,
                language: .english,
                calendar: entry,
                tells: nil
            )
            return MailHTML.page(mail, unsubscribeURL: nil)
        default:
            let word = String(repeating: "Donaudampfschiffahrt", count: 8)
            let text = """
                <script>window.hit = 1</script><img src="https://evil.example/x.png" onerror="window.hit = 1">

                \(word) https://praxis.example.at/\(word)?a=1&b=<2>
                Zeile "zwei" & 'drei' 🦷


                عيادة الأسنان

                """
            let mail = try ComposedMail.sample(
                subject: "</title><script>window.hit = 1</script>",
                text: text,
                calendar: .sample(place: "\(word), </td><b>1010 Wien")
            )
            return MailHTML.page(mail, unsubscribeURL: link)
        }
    }

    @Test(arguments: ["reminder", "linked", "cancelled", "hostile"])
    func theBrowserIsShownWhatLeaves(_ name: String) throws {
        let folder = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "../../Browser/mail")
            .standardized
        let file = folder.appending(path: name + ".html")
        let page = try Self.page(name)
        if ProcessInfo.processInfo.environment["VORTAG_WRITE_PAGES"] != nil {
            try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
            try Data(page.utf8).write(to: file)
        }
        let kept = try? String(decoding: Data(contentsOf: file), as: UTF8.self)
        #expect(kept == page, "run the test with VORTAG_WRITE_PAGES=1, and look at the page")
    }

    @Test func whatIsFilledInIsTextAndNothingElse() throws {
        let page = try Self.page("hostile")
        for forbidden in ["<script", "<img", "<b>", "</title><", "onerror=\"", "?a=1&b"] {
            #expect(!page.contains(forbidden))
        }
        #expect(
            page.contains(
                "&lt;script&gt;window.hit = 1&lt;/script&gt;&lt;img src=&quot;https://evil.example/x.png&quot;"
            )
        )
        #expect(page.contains("Zeile &quot;zwei&quot; &amp; &#39;drei&#39; 🦷</p>"))
        #expect(
            page.contains(
                "<a href=\"https://termine.example.at/abmelden/abcdefghijklmnopqrstuvwxyz012345?a=1&amp;b=2\""
            )
        )
    }
}
