// The words of the screens: the catalogue of sentences, and dates and counts as people write them.
// A language is an argument; the sentences themselves lie in Resources/locales, a folder a language, a file an area.
// No German and no English sentence stands here, and no rule is decided here.

import Domain
import Foundation

/// Every sentence of the screens in every language, found by key.
public struct Catalogue: Sendable {
    /// Why a catalogue cannot be used.
    public enum Fault: Error, Hashable, Sendable {
        /// The file is not one flat JSON object of texts.
        case notFlat(file: String)
        /// Two files of one language hold the same key.
        case twice(key: String)
        /// Keys that stand in one language only.
        case keysDiffer([String])
    }

    private let texts: [Language: [String: Sentence]]

    /// Reads the files of the folders `de` and `en`: flat objects `{"key": "sentence with {argument}"}`.
    ///
    /// - Throws: `Fault`, or what reading the files throws.
    public init(folder: URL) throws {
        var texts: [Language: [String: Sentence]] = [:]
        for language in Language.allCases {
            texts[language] = try Self.read(folder.appendingPathComponent(language.rawValue, isDirectory: true))
        }
        let keys = texts.values.map { Set($0.keys) }
        let differing = keys.reduce(Set()) { $0.union($1) }.subtracting(
            keys.reduce(keys.first ?? []) { $0.intersection($1) }
        )
        guard differing.isEmpty else { throw Fault.keysDiffer(differing.sorted()) }
        self.texts = texts
    }

    private static func read(_ folder: URL) throws -> [String: Sentence] {
        var texts: [String: Sentence] = [:]
        for name in try FileManager.default.contentsOfDirectory(atPath: folder.path) where name.hasSuffix(".json") {
            let data = try Data(contentsOf: folder.appendingPathComponent(name))
            guard let flat = try JSONSerialization.jsonObject(with: data) as? [String: String] else {
                throw Fault.notFlat(file: folder.lastPathComponent + "/" + name)
            }
            for (key, text) in flat where texts.updateValue(Sentence(text), forKey: key) != nil {
                throw Fault.twice(key: key)
            }
        }
        return texts
    }

    /// The sentence of a key with its arguments in place; the key itself where there is none.
    public func text(_ key: String, _ language: Language, _ arguments: [String: String] = [:]) -> String {
        texts[language]?[key]?.filled(arguments) ?? key
    }

    /// Whether there is a sentence for the key.
    public func has(_ key: String) -> Bool { texts.values.allSatisfy { $0[key] != nil } }

    /// All keys, the same in every language.
    public var keys: Set<String> { Set(texts.values.first?.keys.map(\.self) ?? []) }

    /// What a broken rule says to a person, with the way to mend it.
    ///
    /// The key is `problem.` and the code; an argument `reason` or `channel`, an empty suggestion (`leave_out`), or the
    /// field's name behind it makes it more exact where the catalogue has such a key.
    public func sentence(_ problem: FieldProblem, _ language: Language) -> String {
        let key = "problem." + problem.code.rawValue
        let suggestion = problem.arguments["suggestion"]
        let leavesOut = suggestion?.isEmpty == true ? "leave_out" : nil
        let variants = [problem.arguments["reason"], problem.arguments["channel"], leavesOut, problem.field]
        let exact = variants.compactMap(\.self).map { key + "." + $0 }.first(where: has)
        var arguments = problem.arguments
        arguments["characters"]?.replace("\u{2423}", with: text("character.blank", language))
        if let character = arguments["character"] { arguments["character"] = visible(character, language) }
        let sentence = text(exact ?? key, language, arguments)
        guard let suggestion, !suggestion.isEmpty else { return sentence }
        return sentence + text("problem.suggestion", language, ["suggestion": visible(suggestion, language)])
    }

    /// What became of a message, as the log says it: the eight messages word for word; e-mail has words of its own where they
    /// differ.
    public func status(_ status: MessageStatus, _ channel: Channel, _ language: Language) -> String {
        let key = "status.\(channel.rawValue)." + status.rawValue
        return text(has(key) ? key : "status." + status.rawValue, language)
    }

    /// Why a reminder of the channel was not sent or waits: a whole sentence, or a few words for a list (`short`).
    public func reason(
        _ reason: SkipReason,
        _ channel: Channel,
        _ language: Language,
        short: Bool = false
    ) -> String {
        let key = (short ? "why." : "reason.") + reason.rawValue
        let exact = key + "." + channel.rawValue
        return text(has(exact) ? exact : key, language)
    }
}
