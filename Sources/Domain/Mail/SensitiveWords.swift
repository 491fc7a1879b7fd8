import Foundation

/// Words that tell others what somebody is treated for. A subject is read on a locked phone, over a shoulder, and by those
/// who share an inbox; the product warns of them there and refuses nothing, since the practice knows its patients.
public enum SensitiveWords {
    public enum Weight: Int, Comparable, Sendable {
        /// A field that says that somebody is treated, and roughly of what: physiotherapy, speech therapy.
        case specialty
        /// An illness, or a field that says it: the soul, addiction, cancer, what is sexual, a pregnancy.
        case illness

        public static func < (one: Weight, other: Weight) -> Bool { one.rawValue < other.rawValue }
    }

    public struct Finding: Hashable, Sendable {
        /// As it stands in the text.
        public let word: String
        public let weight: Weight

        public init(word: String, weight: Weight) {
            self.word = word
            self.weight = weight
        }
    }

    /// The words of a text that give something away, each once, in their order.
    public static func findings(in text: String) -> [Finding] {
        var findings: [Finding] = []
        for word in text.split(whereSeparator: { !$0.isLetter && $0 != "-" && $0 != "\u{AD}" }) {
            let plain = folded(String(word))
            guard let weight = weight(of: plain) else { continue }
            let finding = Finding(word: String(word), weight: weight)
            if !findings.contains(finding) { findings.append(finding) }
        }
        return findings
    }

    /// A word and each part of one that hyphens join; the gravest counts.
    private static func weight(of plain: String) -> Weight? {
        let parts = [plain] + plain.split(separator: "-").map(String.init)
        let words = parts.filter { !matches($0, harmless) }
        if words.contains(where: { matches($0, illnesses) }) { return .illness }
        return words.contains { matches($0, specialties) } ? .specialty : nil
    }

    private static func matches(_ word: String, _ list: [String]) -> Bool {
        list.contains { entry in
            switch (entry.hasPrefix("*"), entry.hasSuffix("*")) {
            case (true, true): word.contains(entry.dropFirst().dropLast())
            case (true, false): word.hasSuffix(entry.dropFirst())
            case (false, true): word.hasPrefix(entry.dropLast())
            case (false, false): word == entry
            }
        }
    }

    /// In small letters; \u{E4}, \u{F6}, \u{FC} and \u{DF} as people without them write them, and without soft hyphens.
    private static func folded(_ word: String) -> String {
        let spelled = word.lowercased().precomposedStringWithCanonicalMapping
            .replacingOccurrences(of: "\u{AD}", with: "")
            .replacingOccurrences(of: "\u{E4}", with: "ae").replacingOccurrences(of: "\u{F6}", with: "oe")
            .replacingOccurrences(of: "\u{FC}", with: "ue").replacingOccurrences(of: "\u{DF}", with: "ss")
        return spelled.folding(options: .diacriticInsensitive, locale: nil)
    }

    // German and English beside each other: a text is often of both. A star stands for any letters.

    private static let illnesses = [
        // The soul.
        "*psychi*", "*psycho*", "psych", "psyche", "*depress*", "*burnout*", "burn-out", "*trauma*", "*angststoerung*",
        "*angsttherap*", "*panik*", "panic", "*phobi*", "*anxiety*", "*schizo*", "*bipolar*", "borderline", "*autis*",
        "adhs", "adhd", "*zwangsstoerung*", "*essstoerung*", "*anorexi*", "*bulimi*", "*suizid*", "*suicid*",
        "*demenz*",
        "*dementia*", "*alzheimer*", "*neurolog*", "*epilep*", "*parkinson*",
        // Addiction. "Sucht" alone is also a verb, and hides in "besucht".
        "sucht", "*suchtberat*", "*suchthilf*", "*suchttherap*", "*suchtmed*", "*suchtkrank*", "*suchtklinik*",
        "*suchtambulanz*", "*suchtpraev*", "*suchtpraxis*", "*alkoholsucht*", "*drogen*", "*spielsucht*", "*entzug*",
        "*alkohol*", "*alcohol*", "*addict*", "rehab", "*substitution*", "*detox*", "*methadon*",
        // Cancer.
        "*onkolog*", "*oncolog*", "*krebs*", "cancer", "*tumor*", "*tumour*", "*chemotherap*", "*strahlentherap*",
        "*radiotherap*", "*radioonko*", "*palliativ*", "palliative", "*hospiz*", "hospice", "*leukaem*", "*leukem*",
        "*lymphom*",
        // What is sexual, infections, having children.
        "hiv", "aids", "*aidshilf*", "*syphilis*", "*hepatit*", "*infektiolog*", "*venerolog*", "*sexual*",
        "*sexolog*",
        "*gynaekolog*", "*gynecolog*", "*gynaecolog*", "*urolog*", "*androlog*", "*prokto*", "*inkontinen*",
        "*incontinen*", "*schwanger*", "*pregnan*", "*kinderwunsch*", "*fertil*", "ivf", "*abtreib*", "*abortion*",
        "*beckenboden*", "*geburt*", "*erektion*", "*erectile*",
        // Others that name an illness.
        "*diabet*", "*dialys*", "*adipos*", "*obesity*", "*schmerzther*", "*schlaganfall*", "stroke", "*multiple-skl*",
    ]

    /// Milder: they tell that somebody is treated, and seldom of what. Worth a word, since the subject works without them.
    private static let specialties = [
        "*physio*", "*ergotherap*", "*occupational*", "*logopaed*", "*logoped*", "*speech*", "*osteopath*",
        "*chiropra*", "*orthopaed*", "*orthoped*", "*dermatolog*", "*kardiolog*", "*cardiolog*", "*rheuma*",
        "*diaetolog*", "*ernaehrungstherap*", "*lymphdrain*", "*massage*", "*heilmassag*", "*rehabilit*", "*therapie",
        "*therapien", "*therapy", "*paartherap*", "*familientherap*", "*coaching*", "*supervision*",
    ]

    /// Everyday words that one of the above hides in.
    private static let harmless = ["geburtstag*", "krebsgasse", "krebsenweg"]
}
