import Database
import Domain
import Foundation

/// Finds patients by the beginnings of their words, along an index and in its order: what a page costs follows what it
/// shows, and not how many there are.
struct PatientSearch {
    /// All words from one on and before another.
    private struct Span {
        let from: String
        let to: String

        /// All words that begin so. No word holds the last character that there is.
        init(_ beginning: String) {
            from = beginning
            to = beginning + "\u{10FFFF}"
        }

        func condition(of alias: String, _ conditions: inout Conditions) -> String {
            let (from, to) = (conditions.bind(from), conditions.bind(to))
            return "\(alias).word >= \(from) AND \(alias).word < \(to)"
        }
    }

    /// One thing that was asked for.
    private struct Term {
        /// Whoever has a word of the first stands before who has words of the next one only.
        let ranks: [Span]
        let test: [Span]
    }

    /// More words than this are not counted: a term that has so many drives only where all others have, too.
    private static let mostCounted = 4_000
    /// No term has so many ranks.
    private static let rankLimit: Int64 = 16

    private let practice: Practice.ID
    private let terms: [Term]
    private let narrow: @Sendable (inout Conditions) -> Void

    /// nil where nothing was asked for that a word could hold.
    ///
    /// - Parameter narrow: adds conditions on the patient, `p`.
    init?(_ query: PatientQuery, _ practice: Practice.ID, narrow: @escaping @Sendable (inout Conditions) -> Void) {
        if query.terms.isEmpty { return nil }
        self.practice = practice
        self.narrow = narrow
        terms = query.terms.map { Term(ranks: $0.beginnings.map(Span.init), test: $0.test.map(Span.init)) }
    }

    /// The next patients, along the words of the term that has the fewest; a cursor says which one that was.
    func page(limit: Int, after cursor: Cursor?, in transaction: Transaction) throws -> Page<Patient> {
        let known = cursor.map { (Int(clamping: $0.key / Self.rankLimit), Int(clamping: $0.key % Self.rankLimit)) }
        var (driver, rank) = try known ?? (fewest(in: transaction), 0)
        guard terms.indices.contains(driver) else { throw ProblemList(FieldProblem("cursor", .fieldInvalid)) }
        var found: [(patient: Patient, rank: Int)] = []
        var last = cursor?.id
        while terms[driver].ranks.indices.contains(rank), found.count <= limit {
            let rows = try patients(driver, rank, after: last, limit: limit + 1 - found.count, in: transaction)
            found += rows.map { ($0, rank) }
            rank += 1
            last = nil
        }
        let page = Page(found, limit: limit) {
            Cursor(key: Int64(driver) * Self.rankLimit + Int64($0.rank), id: $0.patient.id.rawValue)
        }
        return Page(items: page.items.map(\.patient), next: page.next)
    }

    /// Of terms that have equally many words, or more than are counted, it is the first.
    private func fewest(in transaction: Transaction) throws -> Int {
        if terms.count == 1 { return 0 }
        let counts = try terms.map { term in try term.test.reduce(0) { try $0 + count($1, in: transaction) } }
        let capped = counts.map { min($0, Self.mostCounted) }
        return capped.indices.min { (capped[$0], $0) < (capped[$1], $1) } ?? 0
    }

    private func count(_ span: Span, in transaction: Transaction) throws -> Int {
        let row = try transaction.first(
            """
            SELECT COUNT(*) FROM (
                SELECT 1 FROM patient_words WHERE practice_id = $1 AND word >= $2 AND word < $3 LIMIT $4) AS few
            """,
            practice.rawValue,
            span.from,
            span.to,
            Self.mostCounted
        )
        return Int(try row?.integer(0) ?? 0)
    }

    private func patients(
        _ driver: Int,
        _ rank: Int,
        after last: Int64?,
        limit: Int,
        in transaction: Transaction
    ) throws -> [Patient] {
        let spans = terms[driver].ranks
        let span = spans[rank]
        var conditions = Conditions()
        conditions.add("w.practice_id = ?", practice.rawValue)
        conditions.add(raw: span.condition(of: "w", &conditions))
        if let last, let word = try word(of: last, span, in: transaction) {
            conditions.add("(w.word, w.patient_id) > (?, ?)", word, last)
        }
        conditions.add("p.erased_at IS NULL")
        narrow(&conditions)
        // Of several words that begin so the first counts, and nobody is found twice.
        let from = conditions.bind(span.from)
        conditions.add(raw: "NOT " + Self.has("o.word >= \(from) AND o.word < w.word"))
        for earlier in spans.prefix(rank) {
            conditions.add(raw: "NOT " + Self.has(earlier.condition(of: "o", &conditions)))
        }
        for (index, term) in terms.enumerated() where index != driver {
            let any = term.test.map { "(" + $0.condition(of: "o", &conditions) + ")" }.joined(separator: " OR ")
            conditions.add(raw: Self.has("(\(any))"))
        }
        let most = conditions.bind(limit)
        return try transaction.query(
            """
            SELECT \(Columns.list(Columns.patient, of: "p")) FROM patient_words w JOIN patients p ON p.id = w.patient_id
            WHERE \(conditions.sql) ORDER BY w.word, w.patient_id LIMIT \(most)
            """,
            values: conditions.values
        ).entities(Patient.init)
    }

    private static func has(_ condition: String) -> String {
        "EXISTS (SELECT 1 FROM patient_words o WHERE o.patient_id = w.patient_id AND \(condition))"
    }

    /// Where the last page ended.
    private func word(of patient: Int64, _ span: Span, in transaction: Transaction) throws -> String? {
        try transaction.first(
            "SELECT MIN(word) FROM patient_words WHERE patient_id = $1 AND word >= $2 AND word < $3",
            patient,
            span.from,
            span.to
        )?.optionalText(0)
    }
}
