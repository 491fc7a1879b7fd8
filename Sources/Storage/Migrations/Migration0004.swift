import Database

extension Migration {
    /// What several real providers need: whose numbers each carries, webhooks, questions about messages, answers of
    /// patients, prices and limits, trials, and the sender that a country allows.
    static let m0004 = Migration(number: 4) { dialect in
        [settings(dialect), widened(dialect), messages(dialect), incoming(dialect), work(dialect)]
            .joined(separator: "\n")
    }

    private static func settings(_ d: Dialect) -> String {
        """
        ALTER TABLE practices ADD COLUMN sms_monthly_limit \(d.integer);
        ALTER TABLE practices ADD COLUMN fallback_sender TEXT;
        ALTER TABLE locations ADD COLUMN sender_registered_on TEXT;
        ALTER TABLE locations ADD COLUMN fallback_sender TEXT;
        ALTER TABLE patients ADD COLUMN calling_code \(d.integer) NOT NULL DEFAULT 0;
        UPDATE patients SET calling_code = CASE
            WHEN mobile LIKE '+43%' THEN 43 WHEN mobile LIKE '+49%' THEN 49 WHEN mobile LIKE '+41%' THEN 41
            WHEN mobile LIKE '+39%' THEN 39 WHEN mobile LIKE '+1%' THEN 1 WHEN mobile LIKE '+7%' THEN 7 ELSE 0 END;
        ALTER TABLE providers ADD COLUMN enabled \(d.integer) NOT NULL DEFAULT 1 CHECK (enabled IN (0, 1));
        ALTER TABLE providers ADD COLUMN countries TEXT NOT NULL DEFAULT '';
        ALTER TABLE providers ADD COLUMN hook_secret \(d.bytes);
        """
    }

    /// Reminders with a third purpose and a further reason. SQLite cannot change a CHECK: the table is written anew, and
    /// those that point to it find their rows again under the same name.
    private static func widened(_ d: Dialect) -> String {
        let purposes = "'reminder', 'correction', 'confirmation'"
        let reasons = """
            'cancelled', 'moved', 'channel_off', 'no_mobile', 'no_email', 'consent_withdrawn', 'too_late_to_send',
            'practice_paused', 'no_provider', 'no_mailbox', 'monthly_limit'
            """
        let change =
            d.changesConstraints
            ? """
            ALTER TABLE reminders DROP CONSTRAINT reminders_purpose_check;
            ALTER TABLE reminders ADD CONSTRAINT reminders_purpose_check CHECK (purpose IN (\(purposes)));
            ALTER TABLE reminders DROP CONSTRAINT reminders_reason_check;
            ALTER TABLE reminders ADD CONSTRAINT reminders_reason_check CHECK (reason IN (\(reasons)));
            DROP INDEX reminders_due;
            ALTER TABLE reminders ADD COLUMN calling_code \(d.integer) NOT NULL DEFAULT 0;
            """ : rewritten(d, purposes, reasons)
        return change + """

            UPDATE reminders SET calling_code = (SELECT p.calling_code FROM patients p WHERE p.id = patient_id)
                WHERE state = 'planned' AND channel = 'sms';
            CREATE INDEX reminders_due ON reminders (next_at, turn, id, practice_id, channel, calling_code)
                WHERE state = 'planned';
            """
    }

    private static func rewritten(_ d: Dialect, _ purposes: String, _ reasons: String) -> String {
        let kept = """
            id, practice_id, appointment_id, patient_id, channel, purpose, generation, day, time_zone, due_at,
                latest_at, next_at, state, reason, told_start, turn
            """
        return """
            PRAGMA defer_foreign_keys = ON;
            CREATE TABLE reminders_before AS SELECT \(kept) FROM reminders;
            DROP TABLE reminders;
            CREATE TABLE reminders (
                id \(d.identity),
                practice_id \(d.integer) NOT NULL REFERENCES practices (id),
                appointment_id \(d.integer) NOT NULL REFERENCES appointments (id),
                patient_id \(d.integer) NOT NULL REFERENCES patients (id),
                channel TEXT NOT NULL CHECK (channel IN ('sms', 'email')),
                purpose TEXT NOT NULL CHECK (purpose IN (\(purposes))),
                generation \(d.integer) NOT NULL,
                day TEXT NOT NULL,
                time_zone TEXT NOT NULL,
                due_at \(d.integer) NOT NULL,
                latest_at \(d.integer) NOT NULL,
                next_at \(d.integer) NOT NULL,
                state TEXT NOT NULL CHECK (state IN ('planned', 'started', 'settled', 'skipped')),
                reason TEXT CHECK (reason IN (\(reasons))),
                told_start TEXT,
                turn \(d.integer) NOT NULL DEFAULT 0,
                calling_code \(d.integer) NOT NULL DEFAULT 0,
                UNIQUE (appointment_id, channel, purpose, generation)
            )\(d.tableOptions);
            INSERT INTO reminders (\(kept)) SELECT \(kept) FROM reminders_before ORDER BY id;
            DROP TABLE reminders_before;
            CREATE INDEX reminders_planned ON reminders (practice_id, channel, day, turn) WHERE state = 'planned';
            CREATE INDEX reminders_by_patient ON reminders (patient_id);
            """
    }

    /// The location is where the appointment was to take place when the message left; it may be gone by now.
    private static func messages(_ d: Dialect) -> String {
        """
        ALTER TABLE messages ADD COLUMN location_id \(d.integer);
        ALTER TABLE messages ADD COLUMN price \(d.integer);
        ALTER TABLE messages ADD COLUMN currency TEXT;
        ALTER TABLE messages ADD COLUMN poll_at \(d.integer);
        CREATE INDEX messages_to_poll ON messages (provider_id, poll_at) WHERE poll_at IS NOT NULL;
        CREATE TABLE usage (
            practice_id \(d.integer) NOT NULL REFERENCES practices (id),
            month \(d.integer) NOT NULL,
            location_id \(d.integer) NOT NULL,
            currency TEXT NOT NULL,
            messages \(d.integer) NOT NULL,
            segments \(d.integer) NOT NULL,
            priced \(d.integer) NOT NULL,
            price \(d.integer) NOT NULL,
            PRIMARY KEY (practice_id, month, location_id, currency)
        )\(d.orderedTableOptions);
        """
    }

    private static func incoming(_ d: Dialect) -> String {
        """
        CREATE TABLE hooks (
            id \(d.identity),
            provider_id \(d.integer) NOT NULL REFERENCES providers (id),
            fingerprint \(d.bytes) NOT NULL,
            received_at \(d.integer) NOT NULL,
            content_type TEXT NOT NULL,
            body \(d.bytes) NOT NULL,
            outcome TEXT CHECK (outcome IN ('read', 'unreadable')),
            UNIQUE (provider_id, fingerprint)
        )\(d.tableOptions);
        CREATE INDEX hooks_open ON hooks (provider_id, id) WHERE outcome IS NULL;
        CREATE INDEX hooks_by_age ON hooks (received_at);
        CREATE TABLE inbound (
            id \(d.identity),
            provider_id \(d.integer) NOT NULL REFERENCES providers (id),
            provider_message_id TEXT NOT NULL,
            practice_id \(d.integer) REFERENCES practices (id),
            patient_id \(d.integer) REFERENCES patients (id),
            message_id \(d.integer) REFERENCES messages (id),
            sender TEXT NOT NULL,
            recipient TEXT NOT NULL,
            text TEXT NOT NULL,
            kind TEXT NOT NULL CHECK (kind IN ('stop', 'answer')),
            received_at \(d.integer) NOT NULL,
            done_at \(d.integer)
        )\(d.tableOptions);
        CREATE UNIQUE INDEX inbound_by_name ON inbound (provider_id, provider_message_id)
            WHERE provider_message_id <> '';
        CREATE INDEX inbound_by_practice ON inbound (practice_id, id);
        CREATE INDEX inbound_by_patient ON inbound (patient_id, id);
        CREATE INDEX patients_by_mobile ON patients (mobile) WHERE mobile IS NOT NULL;
        """
    }

    private static func work(_ d: Dialect) -> String {
        """
        CREATE TABLE trials (
            id \(d.identity),
            provider_id \(d.integer) NOT NULL REFERENCES providers (id) ON DELETE CASCADE,
            recipient TEXT NOT NULL,
            sender TEXT NOT NULL,
            step TEXT NOT NULL CHECK (step IN ('waiting', 'connecting', 'bound', 'accepted', 'delivered', 'no_news',
                'failed')),
            detail TEXT NOT NULL,
            created_at \(d.integer) NOT NULL,
            bound_at \(d.integer),
            accepted_at \(d.integer),
            ended_at \(d.integer)
        )\(d.tableOptions);
        CREATE UNIQUE INDEX trials_open ON trials (provider_id) WHERE ended_at IS NULL;
        CREATE INDEX trials_by_provider ON trials (provider_id, id);
        CREATE TABLE health (
            provider_id \(d.integer) NOT NULL PRIMARY KEY REFERENCES providers (id) ON DELETE CASCADE,
            state TEXT NOT NULL CHECK (state IN ('well', 'resting', 'silent')),
            detail TEXT NOT NULL,
            since \(d.integer) NOT NULL,
            seen_at \(d.integer) NOT NULL
        )\(d.tableOptions);
        """
    }
}
