import Database

extension Migration {
    /// E-mail: mailboxes, the e-mails that left or are about to, texts, bounces, and the other channel as a fallback.
    static let m0005 = Migration(number: 5) { dialect in
        [carriers(dialect), mailboxes(dialect), settings(dialect), trials(dialect)].joined(separator: "\n")
    }

    private static let kinds = "'simulator', 'smpp', 'seven', 'websms', 'twilio', 'http', 'mailbox'"

    /// A mailbox is a provider of a further kind. SQLite cannot change a CHECK: the table is written anew, and those that
    /// point to it find their rows again under the same name. Those that go with their provider are put by meanwhile.
    private static func carriers(_ d: Dialect) -> String {
        if d.changesConstraints {
            return """
                ALTER TABLE providers DROP CONSTRAINT providers_kind_check;
                ALTER TABLE providers ADD CONSTRAINT providers_kind_check CHECK (kind IN (\(kinds)));
                """
        }
        let kept = """
            id, practice_id, name, kind, url, account, secret, options, priority, version, created_at, changed_at,
                enabled, countries, hook_secret
            """
        return """
            PRAGMA defer_foreign_keys = ON;
            CREATE TABLE binds_before AS SELECT * FROM binds;
            CREATE TABLE health_before AS SELECT * FROM health;
            CREATE TABLE providers_before AS SELECT \(kept) FROM providers;
            DROP TABLE providers;
            CREATE TABLE providers (
                id \(d.identity),
                practice_id \(d.integer) REFERENCES practices (id),
                name TEXT NOT NULL UNIQUE,
                kind TEXT NOT NULL CHECK (kind IN (\(kinds))),
                url TEXT NOT NULL,
                account TEXT NOT NULL,
                secret \(d.bytes),
                options TEXT NOT NULL,
                priority \(d.integer) NOT NULL,
                version \(d.integer) NOT NULL,
                created_at \(d.integer) NOT NULL,
                changed_at \(d.integer) NOT NULL,
                enabled \(d.integer) NOT NULL DEFAULT 1 CHECK (enabled IN (0, 1)),
                countries TEXT NOT NULL DEFAULT '',
                hook_secret \(d.bytes)
            )\(d.tableOptions);
            INSERT INTO providers (\(kept)) SELECT \(kept) FROM providers_before ORDER BY id;
            INSERT INTO binds SELECT * FROM binds_before;
            INSERT INTO health SELECT * FROM health_before;
            DROP TABLE binds_before;
            DROP TABLE health_before;
            DROP TABLE providers_before;
            """
    }

    /// `uid_*` is how far the mailbox was read; `learned_*` how many its server took in an hour or a day before it took no
    /// more. A mail's `bytes` are kept until nobody needs them; `copy_at` is when a copy is tried next.
    private static func mailboxes(_ d: Dialect) -> String {
        """
        CREATE TABLE mailboxes (
            provider_id \(d.integer) NOT NULL PRIMARY KEY REFERENCES providers (id) ON DELETE CASCADE,
            practice_id \(d.integer) NOT NULL REFERENCES practices (id),
            practitioner_id \(d.integer) REFERENCES practitioners (id),
            address TEXT NOT NULL,
            display_name TEXT NOT NULL,
            reply_to TEXT,
            imap_url TEXT NOT NULL,
            uid_validity \(d.integer),
            uid_next \(d.integer),
            read_at \(d.integer),
            read_trouble TEXT NOT NULL DEFAULT '',
            learned_hour \(d.integer),
            learned_day \(d.integer),
            learned_at \(d.integer),
            held_until \(d.integer),
            UNIQUE (practice_id, address)
        )\(d.tableOptions);
        CREATE INDEX mailboxes_by_practitioner ON mailboxes (practitioner_id);
        CREATE TABLE mails (
            message_id \(d.integer) NOT NULL PRIMARY KEY REFERENCES messages (id),
            provider_id \(d.integer) NOT NULL REFERENCES providers (id),
            name TEXT NOT NULL UNIQUE,
            unsubscribe_word TEXT NOT NULL UNIQUE,
            subject TEXT NOT NULL,
            bytes \(d.bytes),
            copy TEXT NOT NULL CHECK (copy IN ('none', 'planned', 'wanted', 'kept', 'failed')),
            copy_at \(d.integer),
            copy_tries \(d.integer) NOT NULL DEFAULT 0,
            copy_detail TEXT NOT NULL DEFAULT '',
            created_at \(d.integer) NOT NULL
        )\(d.tableOptions);
        CREATE INDEX mails_to_copy ON mails (provider_id, copy_at) WHERE copy = 'wanted';
        CREATE INDEX mails_with_bytes ON mails (created_at) WHERE bytes IS NOT NULL;
        """
    }

    private static func settings(_ d: Dialect) -> String {
        """
        ALTER TABLE practices ADD COLUMN email_subject TEXT;
        ALTER TABLE practices ADD COLUMN email_body TEXT;
        ALTER TABLE practices ADD COLUMN falls_back \(d.integer) NOT NULL DEFAULT 0 CHECK (falls_back IN (0, 1));
        ALTER TABLE locations ADD COLUMN email_subject TEXT;
        ALTER TABLE locations ADD COLUMN email_body TEXT;
        ALTER TABLE patients ADD COLUMN email_bounced_at \(d.integer);
        ALTER TABLE patients ADD COLUMN email_bounce TEXT;
        ALTER TABLE messages ADD COLUMN bounce TEXT CHECK (bounce IN ('unknown_recipient', 'unknown_domain',
            'mailbox_full', 'refused', 'too_large', 'not_reached', 'other'));
        ALTER TABLE messages ADD COLUMN fell_back \(d.integer) CHECK (fell_back IN (0, 1));
        CREATE INDEX messages_to_fall_back ON messages (id)
            WHERE fell_back IS NULL AND status NOT IN ('submitted', 'delivered');
        CREATE INDEX messages_by_mailbox ON messages (provider_id, submitted_at) WHERE channel = 'email';
        ALTER TABLE reminders ADD COLUMN stands_in_for \(d.integer);
        """
    }

    /// What was tried so far is of no use any more; a trial has further steps now.
    private static func trials(_ d: Dialect) -> String {
        """
        DROP TABLE trials;
        CREATE TABLE trials (
            id \(d.identity),
            provider_id \(d.integer) NOT NULL REFERENCES providers (id) ON DELETE CASCADE,
            recipient TEXT NOT NULL,
            sender TEXT NOT NULL,
            step TEXT NOT NULL CHECK (step IN ('waiting', 'connecting', 'bound', 'accepted', 'copied', 'delivered',
                'no_news', 'failed')),
            detail TEXT NOT NULL,
            created_at \(d.integer) NOT NULL,
            bound_at \(d.integer),
            accepted_at \(d.integer),
            copied_at \(d.integer),
            ended_at \(d.integer)
        )\(d.tableOptions);
        CREATE UNIQUE INDEX trials_open ON trials (provider_id) WHERE ended_at IS NULL;
        CREATE INDEX trials_by_provider ON trials (provider_id, id);
        """
    }
}
