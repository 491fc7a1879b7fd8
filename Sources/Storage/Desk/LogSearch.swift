import Database
import Domain

/// Finds the lines of the log that a filter means, the newest first, from one place on.
///
/// Every way to them is an index that holds what is filtered by: the day's for each channel, the one of messages in trouble,
/// the small ones of what is open, and a patient's reminders. Where a filter is so rare that an index would be read to its
/// end, only a stretch of it is read, and the page says where to go on: no page costs more than its stretch.
struct LogSearch {
    struct Found {
        var lines: [Cursor] = []
        /// Behind it nothing was looked at; nil where all was.
        var horizon: Cursor?
    }

    let practice: Practice.ID
    let filter: MessageFilter
    let after: Cursor?
    let limit: Int
    /// So many entries of an index are passed over in some milliseconds; where each asks for its row, fewer.
    var stretch = 30_000
    var shortStretch = 10_000

    /// At most `limit` lines, the newest first.
    func run(in transaction: Transaction) throws -> Found {
        if let patient = filter.patientID { return Found(lines: try ofPatient(patient, in: transaction)) }
        if filter.group == .open { return Found(lines: try open(in: transaction)) }
        if isTrouble { return Found(lines: try trouble(in: transaction)) }
        // Nobody tells that an e-mail was delivered: there is none to be looked for.
        let channels = (filter.channel.map { [$0] } ?? Channel.allCases)
            .filter { filter.status != .delivered || $0 == .sms }
        return merged(try channels.map { try ofDays($0, in: transaction) })
    }

    private var isTrouble: Bool {
        if filter.group == .failed { return true }
        return filter.status.map { ![.submitted, .delivered].contains($0) } ?? false
    }

    /// Each channel's newest lines as one list. What lies behind the nearest horizon waits for the next page: another
    /// channel may have newer ones there.
    private func merged(_ parts: [Found]) -> Found {
        let horizon = parts.compactMap(\.horizon).max()
        let lines = parts.flatMap(\.lines).filter { line in horizon.map { line >= $0 } ?? true }.sorted(by: >)
        guard lines.count < limit else { return Found(lines: Array(lines.prefix(limit))) }
        return Found(lines: lines, horizon: horizon)
    }

    private func ofDays(_ channel: Channel, in transaction: Transaction) throws -> Found {
        var horizon: Cursor?
        if filter.locationID != nil || filter.status == .submitted {
            horizon = try end(of: days(channel, downTo: nil), in: transaction)
        }
        var conditions = days(channel, downTo: horizon)
        addLocation(to: &conditions)
        if let status = filter.status { conditions.add("m.status = ?", status.rawValue) }
        let lines = try newest(conditions, in: transaction)
        return Found(lines: lines, horizon: lines.count < limit ? horizon : nil)
    }

    private func days(_ channel: Channel, downTo horizon: Cursor?) -> Conditions {
        var conditions = Conditions()
        conditions.add("m.practice_id = ? AND m.channel = ?", practice.rawValue, channel.rawValue)
        addDays(to: &conditions, downTo: horizon)
        return conditions
    }

    /// The last line of the stretch that is read; nil where there are no more than that.
    private func end(of conditions: Conditions, in transaction: Transaction) throws -> Cursor? {
        var conditions = conditions
        let length = conditions.bind(filter.status == .submitted ? shortStretch : stretch)
        return try transaction.first(
            """
            SELECT m.created_at, m.id FROM messages m WHERE \(conditions.sql)
            ORDER BY m.created_at DESC, m.id DESC LIMIT 1 OFFSET \(length)
            """,
            values: conditions.values
        ).map { Cursor(key: try $0.integer(0), id: try $0.integer(1)) }
    }

    private func trouble(in transaction: Transaction) throws -> [Cursor] {
        var conditions = Conditions()
        // Told by the very words of the index's condition.
        conditions.add("m.practice_id = ? AND m.status NOT IN ('submitted', 'delivered')", practice.rawValue)
        addDays(to: &conditions)
        addLocation(to: &conditions)
        if let status = filter.status { conditions.add("m.status = ?", status.rawValue) }
        if let channel = filter.channel { conditions.add("m.channel = ?", channel.rawValue) }
        return try newest(conditions, in: transaction)
    }

    /// What is open is open for minutes, or unclear: both are few in the whole installation, and have their indexes.
    private func open(in transaction: Transaction) throws -> [Cursor] {
        var conditions = Conditions()
        conditions.add(
            """
            m.id IN (SELECT id FROM messages WHERE unclear = 1
                UNION SELECT message_id FROM attempts WHERE ended_at IS NULL) AND m.practice_id + 0 = ?
            """,
            practice.rawValue
        )
        addDays(to: &conditions)
        addLocation(to: &conditions)
        if let channel = filter.channel { conditions.add("m.channel || '' = ?", channel.rawValue) }
        return try newest(conditions, in: transaction)
    }

    private func ofPatient(_ patient: Patient.ID, in transaction: Transaction) throws -> [Cursor] {
        var conditions = Conditions()
        conditions.add(
            "m.reminder_id IN (SELECT id FROM reminders WHERE patient_id = ?) AND m.practice_id + 0 = ?",
            patient.rawValue,
            practice.rawValue
        )
        addDays(to: &conditions)
        addLocation(to: &conditions)
        if let channel = filter.channel { conditions.add("m.channel || '' = ?", channel.rawValue) }
        switch (filter.group, filter.status) {
        case (.failed, _): conditions.add("m.status || '' NOT IN ('submitted', 'delivered')")
        case (.open, _): conditions.add("(m.unclear + 0 = 1 OR m.status IS NULL)")
        case (nil, let status?): conditions.add("m.status || '' = ?", status.rawValue)
        case (nil, nil): break
        }
        return try newest(conditions, in: transaction)
    }

    /// One bound on each side, the narrower one: of two a database may take the other to walk the index by.
    private func addDays(to conditions: inout Conditions, downTo horizon: Cursor? = nil) {
        if let horizon {
            conditions.add("(m.created_at, m.id) >= (?, ?)", horizon.key, horizon.id)
        } else if let from = filter.from {
            conditions.add("m.created_at >= ?", from.milliseconds)
        }
        if let after, after.key < filter.to?.milliseconds ?? .max {
            conditions.add("(m.created_at, m.id) < (?, ?)", after.key, after.id)
        } else if let to = filter.to {
            conditions.add("m.created_at < ?", to.milliseconds)
        }
    }

    private func addLocation(to conditions: inout Conditions) {
        if let location = filter.locationID { conditions.add("m.location_id = ?", location.rawValue) }
    }

    private func newest(_ conditions: Conditions, in transaction: Transaction) throws -> [Cursor] {
        var conditions = conditions
        let most = conditions.bind(limit)
        return try transaction.query(
            """
            SELECT m.created_at, m.id FROM messages m WHERE \(conditions.sql)
            ORDER BY m.created_at DESC, m.id DESC LIMIT \(most)
            """,
            values: conditions.values
        ).map { Cursor(key: try $0.integer(0), id: try $0.integer(1)) }
    }
}

extension Cursor: Comparable {
    static func < (one: Cursor, other: Cursor) -> Bool { (one.key, one.id) < (other.key, other.id) }
}
