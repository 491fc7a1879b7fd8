import Database

extension Migration {
    /// What the engine needs under load: turns between practices, attempts in the order of their key, evidence for
    /// unknown outcomes, parts of long messages.
    static let m0002 = Migration(number: 2) { dialect in
        [reminders(dialect), attempts(dialect), evidence(dialect)].joined(separator: "\n")
    }

    /// A claim is no longer a mark on the row: what is due is started in the transaction that picks it.
    private static func reminders(_ d: Dialect) -> String {
        """
        ALTER TABLE reminders DROP COLUMN claim_token;
        ALTER TABLE reminders ADD COLUMN turn \(d.integer) NOT NULL DEFAULT 0;
        UPDATE reminders SET turn = (
            SELECT COUNT(*) FROM reminders o
            WHERE o.practice_id = reminders.practice_id AND o.channel = reminders.channel AND o.day = reminders.day
                AND o.state = 'planned' AND o.id <= reminders.id
        ) WHERE state = 'planned' AND purpose = 'reminder';
        DROP INDEX reminders_due;
        CREATE INDEX reminders_due ON reminders (next_at, turn, id, practice_id, channel) WHERE state = 'planned';
        DROP INDEX reminders_planned;
        CREATE INDEX reminders_planned ON reminders (practice_id, channel, day, turn) WHERE state = 'planned';
        """
    }

    private static func attempts(_ d: Dialect) -> String {
        """
        CREATE TABLE attempts_by_message (
            message_id \(d.integer) NOT NULL REFERENCES messages (id),
            number \(d.integer) NOT NULL,
            provider_id \(d.integer) REFERENCES providers (id),
            worker TEXT NOT NULL,
            started_at \(d.integer) NOT NULL,
            ended_at \(d.integer),
            outcome TEXT CHECK (outcome IN ('accepted', 'unreachable', 'account_refused', 'refused', 'unknown')),
            detail TEXT NOT NULL,
            PRIMARY KEY (message_id, number)
        )\(d.orderedTableOptions);
        INSERT INTO attempts_by_message (message_id, number, provider_id, worker, started_at, ended_at, outcome, detail)
            SELECT message_id, number, provider_id, claim_token, started_at, ended_at, outcome, detail FROM attempts;
        DROP TABLE attempts;
        ALTER TABLE attempts_by_message RENAME TO attempts;
        CREATE INDEX attempts_open ON attempts (started_at) WHERE ended_at IS NULL;
        CREATE INDEX attempts_unknown ON attempts (started_at) WHERE outcome = 'unknown';
        CREATE INDEX messages_given_up ON messages (recipient)
            WHERE presumed = 1 AND status = 'provider_error';
        CREATE INDEX messages_unclear ON messages (recipient) WHERE unclear = 1;
        """
    }

    private static func evidence(_ d: Dialect) -> String {
        """
        ALTER TABLE receipts ADD COLUMN recipient TEXT NOT NULL DEFAULT '';
        ALTER TABLE receipts ADD COLUMN sender TEXT NOT NULL DEFAULT '';
        ALTER TABLE receipts ADD COLUMN snippet TEXT NOT NULL DEFAULT '';
        CREATE INDEX receipts_about ON receipts (provider_id, recipient) WHERE message_id IS NULL;
        CREATE INDEX receipts_waiting ON receipts (received_at) WHERE message_id IS NULL;
        CREATE TABLE binds (
            provider_id \(d.integer) NOT NULL REFERENCES providers (id) ON DELETE CASCADE,
            bound_at \(d.integer) NOT NULL,
            PRIMARY KEY (provider_id, bound_at)
        )\(d.orderedTableOptions);
        CREATE TABLE parts (
            message_id \(d.integer) NOT NULL REFERENCES messages (id),
            number \(d.integer) NOT NULL,
            provider_id \(d.integer) NOT NULL REFERENCES providers (id),
            receipt_key TEXT NOT NULL,
            status TEXT NOT NULL CHECK (status IN ('submitted', 'delivered', 'undeliverable', 'expired', 'bounced',
                'rejected_by_recipient', 'service_unreachable', 'provider_error', 'provider_refused')),
            PRIMARY KEY (message_id, number)
        )\(d.orderedTableOptions);
        CREATE INDEX parts_by_receipt_key ON parts (provider_id, receipt_key);
        """
    }
}
