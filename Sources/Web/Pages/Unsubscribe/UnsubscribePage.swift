import Domain
import Storage

/// Asks a patient whether no more e-mails are wanted, or says that none will come.
struct UnsubscribePage: Sendable {
    let heading: String
    let sentences: [String]
    /// What the button says; nil where there is nothing to do.
    let button: String?

    static func of(_ found: Unsubscription, _ words: Words) -> UnsubscribePage {
        let arguments = ["practice": found.practiceName, "address": found.maskedAddress]
        guard found.isDone else {
            return UnsubscribePage(
                heading: words("unsubscribe.ask", arguments),
                sentences: [words("unsubscribe.consequence", arguments)],
                button: words("unsubscribe.button")
            )
        }
        return UnsubscribePage(
            heading: words("unsubscribe.done"),
            sentences: [words("unsubscribe.done_sentence", arguments), words("unsubscribe.back", arguments)],
            button: nil
        )
    }

    /// For a word that names nothing, be it made up or of somebody whose data was erased.
    static func unknown(_ words: Words) -> UnsubscribePage {
        UnsubscribePage(
            heading: words("unsubscribe.unknown"),
            sentences: [words("unsubscribe.unknown_sentence")],
            button: nil
        )
    }

    static func tooOften(_ words: Words) -> UnsubscribePage {
        UnsubscribePage(
            heading: words("unsubscribe.wait"),
            sentences: [words("unsubscribe.wait_sentence")],
            button: nil
        )
    }

    /// Whether it could be one at all: nothing else is looked up.
    static func isWord(_ text: String) -> Bool {
        (16...128).contains(text.utf8.count)
            && text.unicodeScalars.allSatisfy {
                $0.isASCII && ($0.properties.isAlphabetic || "0123456789-_".unicodeScalars.contains($0))
            }
    }
}
