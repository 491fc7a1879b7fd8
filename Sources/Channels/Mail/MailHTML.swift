import Domain
import Transfer

/// The HTML of an e-mail: one column that fits a phone, nothing fetched from anywhere, no text but that of the mail.
///
/// Styles stand in the elements themselves, since some programs drop all others; those for a dark screen stand at the
/// top, where programs that know dark screens read them. Tables carry what Outlook would otherwise lay out in full width.
enum MailHTML {
    static func page(_ mail: ComposedMail, unsubscribeURL: String?) -> String {
        """
        <!DOCTYPE html>
        <html lang="\(mail.language.rawValue)">
        <head>
        <meta charset="utf-8">
        <meta name="viewport" content="width=device-width, initial-scale=1">
        <meta name="color-scheme" content="light dark">
        <meta name="supported-color-schemes" content="light dark">
        <title>\(escaped(MIMEText.line(mail.subject)))</title>
        <style>\(sheet)</style>
        </head>
        <body class="ground" style="margin:0;padding:0;background-color:\(Paint.ground);\(textSize)">
        <table role="presentation" class="ground" width="100%" cellpadding="0" cellspacing="0" border="0" \
        style="background-color:\(Paint.ground)">
        <tr><td align="center" style="padding:24px 12px">
        <table role="presentation" width="560" cellpadding="0" cellspacing="0" border="0" \
        style="width:100%;max-width:560px">
        <tr><td class="sheet" style="\(sheetStyle)">
        \(facts(mail))\(paragraphs(mail.text))
        </td></tr>
        \(footer(mail, unsubscribeURL))</table>
        </td></tr>
        </table>
        </body>
        </html>

        """
    }

    /// Colours with a contrast of more than 4.5 to what is behind them (WCAG 2.2, 1.4.3), light and dark.
    private enum Paint {
        static let ground = "#eef2f1"
        static let sheet = "#ffffff"
        static let text = "#1d2b28"
        static let faint = "#4c5d59"
        static let link = "#0b6157"
        static let block = "#e3f1ee"
        static let edge = "#d5dedb"
    }

    private static let textSize =
        "font-family:-apple-system,'Segoe UI',Roboto,Helvetica,Arial,sans-serif;font-size:16px;line-height:1.5"
    private static let sheetStyle = """
        padding:24px 20px 8px;background-color:\(Paint.sheet);color:\(Paint.text);border:1px solid \(Paint.edge);\
        border-radius:12px;text-align:left;\(textSize);word-break:break-word;overflow-wrap:anywhere
        """
    private static let sheet = """
        :root{color-scheme:light dark;supported-color-schemes:light dark}
        @media (prefers-color-scheme:dark){
        .ground{background-color:#101716!important}
        .sheet{background-color:#1a2422!important;color:#e6eeec!important;border-color:#33413e!important}
        .block{background-color:#17403a!important;color:#eef7f5!important;border-color:#5cc4b4!important}
        .label{color:#b9d8d2!important}
        .page{color:#eef7f5!important}
        .foot,.foot a{color:#a9bcb7!important}
        }
        """

    /// When and where, before anything else.
    private static func facts(_ mail: ComposedMail) -> String {
        guard let start = mail.tells else { return "" }
        let time = [MailWords.day(start, mail.language), MailWords.hour(start, mail.language)].map(escaped)
        var rows = [(MailWords.when(mail.language), time.joined(separator: "<br>"), true)]
        let place = escaped(MIMEText.line(mail.calendar?.place ?? ""))
        if !place.isEmpty { rows.append((MailWords.whereabouts(mail.language), place, false)) }
        let link = mail.link.map { page($0, mail.language) } ?? ""
        let lines = rows.map { label, value, isFirst in
            """
            <p class="label" style="margin:0;color:\(Paint.faint);font-size:14px;line-height:1.4">\(escaped(label))</p>
            <p style="margin:0 0 10px;font-size:\(isFirst ? "20px;font-weight:bold" : "16px");line-height:1.4">\
            \(value)</p>
            """
        }
        return """
            <table role="presentation" width="100%" cellpadding="0" cellspacing="0" border="0" style="margin:0 0 20px">
            <tr><td class="block" style="padding:14px 16px 6px;background-color:\(Paint.block);color:\(Paint.text);\
            border-left:4px solid \(Paint.link);border-radius:8px;text-align:left;\(textSize)">
            \(lines.joined(separator: "\n"))\(link)
            </td></tr>
            </table>

            """
    }

    /// Shows the patient's page; nothing is done by following it.
    private static func page(_ link: String, _ language: Language) -> String {
        """

        <p style="margin:0 0 10px"><a class="page" href="\(escaped(link))" \
        style="color:\(Paint.link);font-weight:bold;text-decoration:underline">\(escaped(MailWords.page(language)))</a></p>
        """
    }

    /// Paragraphs stand apart by an empty line; within one, lines stay lines.
    private static func paragraphs(_ text: String) -> String {
        var paragraphs: [[String]] = [[]]
        for line in MIMEText.lines(text).split(separator: "\n", omittingEmptySubsequences: false) {
            if line.allSatisfy(\.isWhitespace) {
                paragraphs.append([])
            } else {
                paragraphs[paragraphs.count - 1].append(escaped(String(line)))
            }
        }
        return paragraphs.filter { !$0.isEmpty }
            .map { "<p dir=\"auto\" style=\"margin:0 0 16px\">\($0.joined(separator: "<br>\n"))</p>" }
            .joined(separator: "\n")
    }

    private static func footer(_ mail: ComposedMail, _ url: String?) -> String {
        guard let url else { return "" }
        return """
            <tr><td class="foot" style="padding:16px 20px;text-align:center;font-size:14px;color:\(Paint.faint);\
            font-family:-apple-system,'Segoe UI',Roboto,Helvetica,Arial,sans-serif;line-height:1.5">
            <a href="\(escaped(url))" style="color:\(Paint.faint);text-decoration:underline">\
            \(escaped(MailWords.unsubscribe(mail.language)))</a>
            </td></tr>

            """
    }

    /// As text, and as the value of an attribute in double quotes.
    static func escaped(_ text: String) -> String {
        var escaped = ""
        for character in text.unicodeScalars {
            switch character {
            case "&": escaped += "&amp;"
            case "<": escaped += "&lt;"
            case ">": escaped += "&gt;"
            case "\"": escaped += "&quot;"
            case "'": escaped += "&#39;"
            default: escaped.unicodeScalars.append(character)
            }
        }
        return escaped
    }
}
