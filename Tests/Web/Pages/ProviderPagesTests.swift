import Domain
import Foundation
import Storage
import Testing

@testable import Web

@Suite("The pages about providers")
struct ProviderPagesTests {
    private func provider(_ name: String, priority: Int, options: [String: String] = [:]) -> Provider {
        Provider(id: .init(1), practiceID: .init(1), name: name, kind: .smpp, options: options, priority: priority)
    }

    private func form(_ more: String = "") -> FormData {
        FormData(encoded: "name=a&url=smpp%3A%2F%2Fa&user=u&secret=s&countries=all&" + more)
    }

    @Test(
        "A provider goes before the others, behind them, or stays where it is",
        arguments: [("first", "99"), ("last", "201"), ("keep", "150")]
    )
    func order(word: String, priority: String) throws {
        let entry = ProviderEntry(existing: provider("a", priority: 150)).with(form("order=" + word))
        let others = [provider("b", priority: 100), provider("c", priority: 200)]
        #expect(try entry.finished(beside: others).priority == priority)
        #expect(try entry.finished(beside: []).priority == "150")
    }

    @Test("Options are lines of a name and a value; what stands behind the first sign belongs to the value")
    func options() throws {
        let entry = ProviderEntry(.smpp, name: "").with(form("options=window%3D5%0D%0A%0D%0A+body+%3D+a%3Db%0A"))
        #expect(try entry.finished(beside: []).options == ["window": "5", "body": "a=b"])
        let odd = ProviderEntry(.smpp, name: "").with(form("options=%3D5"))
        #expect(throws: ProblemList(FieldProblem("options", .fieldInvalid, ["line": "=5"]))) {
            try odd.finished(beside: [])
        }
    }

    @Test("A file of the server is named by the operator only; one that is named already stays")
    func operatorsOptions() throws {
        let named = provider("a", priority: 1, options: ["ca-file": "/etc/ca.pem"])
        let kept = ProviderEntry(existing: named).with(form("options=ca-file%3D%2Fetc%2Fca.pem"))
        #expect(try kept.finished(beside: []).options == named.options)
        for options in ["ca-file%3D%2Fetc%2Fshadow", ""] {
            let changed = ProviderEntry(existing: named).with(form("options=" + options))
            #expect(throws: ProblemList.self) { try changed.finished(beside: []) }
        }
    }

    @Test("Something new is switched off, and countries count only where they are asked for")
    func countries() throws {
        let all = ProviderEntry(.seven, name: "x").with(form("countryAT=on"))
        #expect(try all.finished(beside: []).countries.isEmpty && !all.draft.isEnabled)
        let some = FormData(encoded: "name=a&secret=s&countries=some&countryAT=on&countryDE=on&countryXX=on")
        #expect(try ProviderEntry(.seven, name: "x").with(some).finished(beside: []).countries == "AT DE")
    }

    @Test("A user that the form does not ask for stays")
    func user() {
        let known = Provider(id: .init(1), practiceID: .init(1), name: "a", kind: .seven, user: "u")
        #expect(ProviderEntry(existing: known).with(FormData(encoded: "name=a")).draft.user == "u")
        #expect(ProviderEntry(existing: known).with(FormData(encoded: "user=")).draft.user.isEmpty)
    }

    @Test("Problems of channels come under the names of the form's fields")
    func fields() {
        let list = ProblemList([
            FieldProblem("option.window", .providerUnusable, ["reason": "must be 1"]),
            FieldProblem("secret-file", .providerUnusable, ["reason": "must hold a key"]),
            FieldProblem("url", .fieldInvalid),
        ]).ofProviderForm
        #expect(list.problems.map(\.field) == ["options", "secret", "url"])
        #expect(list.problems.first?.arguments["reason"] == "window: must be 1")
    }

    @Test(
        "What the engine notes of a failed test becomes a sentence, the provider's words and what to do",
        arguments: [
            ("not reached: connection refused", "nicht erreichbar", "connection refused"),
            ("the account is refused: 0x0000000E", "Konto nicht an", "0x0000000E"),
            ("refused: invalid sender", "abgelehnt", "invalid sender"), ("not connected", "keine Verbindung", nil),
            ("receipt: undeliverable", "kam nicht an", "Nachricht konnte nicht zugestellt werden"),
            ("--url: write it otherwise", "gescheitert", "--url: write it otherwise"),
        ]
    )
    func failures(detail: String, sentence: String, said: String?) throws {
        let failure = TrialFailure(detail, try RealResources.words())
        #expect(failure.sentence.contains(sentence) && failure.said == said)
        #expect(!failure.advice.hasPrefix("trial."))
    }

    @Test("Every state and every kind has its words in both languages", arguments: Language.allCases)
    func languages(language: Language) throws {
        let words = try RealResources.words(language)
        let kinds = Provider.Kind.sms.map(\.rawValue)
        var keys = kinds.flatMap { kind in ["kind", "about", "secret", "hint.options"].map { "provider.\($0).\(kind)" }
        }
        // Only e-mails are copied, and their trials have words of their own.
        let steps = Trial.Step.allCases.filter { $0 != .copied }
        keys += steps.map { "trial.word." + $0.rawValue } + ["trial.word.unattended"]
        keys += steps.filter { $0 != .failed }.map { "trial.sentence." + $0.rawValue }
        keys += ProviderHealth.State.allCases.map { "provider.state." + $0.rawValue }
        keys += Provider.Kind.allCases.filter(\.isCalledBack).map { "provider.hook.how." + $0.rawValue }
        #expect(keys.filter { !words.catalogue.has($0) } == [])
    }
}
