import Database
import Domain
import Foundation

/// The rows of the words by which patients are found.
enum PatientWordRows {
    /// So many patients are written in one transaction where words are missing.
    private static let batchSize = 500

    /// Writes a patient's words in place of the old ones.
    static func write(_ words: Set<String>, of patient: Int64, _ practice: Int64, in transaction: Transaction) throws {
        try remove(of: patient, in: transaction)
        try insert(words.sorted().map { [.integer(patient), .text($0), .integer(practice)] }, in: transaction)
    }

    static func remove(of patient: Int64, in transaction: Transaction) throws {
        try transaction.execute("DELETE FROM patient_words WHERE patient_id = $1", patient)
    }

    /// Writes the words of all patients who have none yet, in steps: an installation that is large, or that was stopped on
    /// the way, goes on where it was. Where several nodes start at once, they take turns.
    static func writeMissing(_ driver: any SQLDriver) async throws {
        while try await driver.write(.guarded, writeBatch) == batchSize {}
    }

    @Sendable private static func writeBatch(_ transaction: Transaction) throws -> Int {
        try transaction.script(transaction.dialect.migrationLock)
        let patients = try transaction.query(
            """
            SELECT \(Columns.list(Columns.patient)) FROM patients
            WHERE has_words = 0 AND erased_at IS NULL ORDER BY id LIMIT $1
            """,
            batchSize
        ).entities(Patient.init)
        let ids = SQLValue.integers(patients.map(\.id.rawValue))
        let isOne = { transaction.dialect.isOne($0, of: "$1") }
        try transaction.execute("DELETE FROM patient_words WHERE \(isOne("patient_id"))", values: [ids])
        try insert(
            patients.flatMap { patient in
                patient.words.map { [.integer(patient.id.rawValue), .text($0), .integer(patient.practiceID.rawValue)] }
            },
            in: transaction
        )
        try transaction.execute("UPDATE patients SET has_words = 1 WHERE \(isOne("id"))", values: [ids])
        return patients.count
    }

    private static func insert(_ rows: [[SQLValue]], in transaction: Transaction) throws {
        try transaction.execute(
            """
            INSERT INTO patient_words (patient_id, word, practice_id)
            SELECT given.patient, given.word, given.practice FROM given WHERE 1 = 1
            """,
            given: GivenRows(["patient": .integer, "word": .text, "practice": .integer], rows)
        )
    }
}
