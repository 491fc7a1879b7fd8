import Database

extension Migration {
    /// Practices, people, appointments, reminders, messages, providers and access.
    ///
    /// Instants are milliseconds since 1970-01-01T00:00:00Z; truth is 0 or 1; words stand in CHECK lists that a test
    /// compares with the enumerations.
    static let m0001 = Migration(number: 1) { dialect in
        [practices(dialect), people(dialect), reminders(dialect), messages(dialect), access(dialect)]
            .joined(separator: "\n")
    }

    private static func practices(_ d: Dialect) -> String {
        """
        CREATE TABLE practices (
            id \(d.identity),
            name TEXT NOT NULL,
            time_zone TEXT NOT NULL,
            country TEXT NOT NULL,
            language TEXT NOT NULL CHECK (language IN ('de', 'en')),
            sms_enabled \(d.integer) NOT NULL CHECK (sms_enabled IN (0, 1)),
            email_enabled \(d.integer) NOT NULL CHECK (email_enabled IN (0, 1)),
            sms_send_time TEXT NOT NULL CHECK (sms_send_time IN ('07:00', '08:00', '09:00')),
            email_send_time TEXT NOT NULL CHECK (email_send_time IN ('07:00', '08:00', '09:00')),
            latest_send_time TEXT NOT NULL,
            sender TEXT,
            resends_unknown \(d.integer) NOT NULL CHECK (resends_unknown IN (0, 1)),
            paused \(d.integer) NOT NULL CHECK (paused IN (0, 1)),
            version \(d.integer) NOT NULL,
            created_at \(d.integer) NOT NULL,
            changed_at \(d.integer) NOT NULL
        )\(d.tableOptions);
        CREATE TABLE locations (
            id \(d.identity),
            practice_id \(d.integer) NOT NULL REFERENCES practices (id),
            name TEXT NOT NULL,
            address TEXT NOT NULL,
            closing_text TEXT NOT NULL,
            sender TEXT,
            sender_registered \(d.integer) NOT NULL CHECK (sender_registered IN (0, 1)),
            time_zone TEXT,
            version \(d.integer) NOT NULL,
            created_at \(d.integer) NOT NULL,
            changed_at \(d.integer) NOT NULL
        )\(d.tableOptions);
        CREATE INDEX locations_by_practice ON locations (practice_id, id);
        CREATE TABLE practitioners (
            id \(d.identity),
            practice_id \(d.integer) NOT NULL REFERENCES practices (id),
            name TEXT NOT NULL,
            email TEXT,
            version \(d.integer) NOT NULL,
            created_at \(d.integer) NOT NULL,
            changed_at \(d.integer) NOT NULL
        )\(d.tableOptions);
        CREATE INDEX practitioners_by_practice ON practitioners (practice_id, id);
        """
    }

    private static func people(_ d: Dialect) -> String {
        """
        CREATE TABLE patients (
            id \(d.identity),
            practice_id \(d.integer) NOT NULL REFERENCES practices (id),
            first_name TEXT NOT NULL,
            last_name TEXT NOT NULL,
            search TEXT NOT NULL,
            mobile TEXT,
            email TEXT,
            reminder_kind TEXT NOT NULL CHECK (reminder_kind IN ('none', 'sms', 'email', 'both')),
            sms_consent TEXT NOT NULL CHECK (sms_consent IN ('unknown', 'given', 'withdrawn')),
            email_consent TEXT NOT NULL CHECK (email_consent IN ('unknown', 'given', 'withdrawn')),
            external_id TEXT,
            erased_at \(d.integer),
            version \(d.integer) NOT NULL,
            created_at \(d.integer) NOT NULL,
            changed_at \(d.integer) NOT NULL
        )\(d.tableOptions);
        CREATE INDEX patients_by_practice ON patients (practice_id, id);
        CREATE INDEX patients_by_change ON patients (practice_id, changed_at);
        CREATE UNIQUE INDEX patients_by_external_id ON patients (practice_id, external_id);
        CREATE TABLE appointments (
            id \(d.identity),
            practice_id \(d.integer) NOT NULL REFERENCES practices (id),
            patient_id \(d.integer) NOT NULL REFERENCES patients (id),
            location_id \(d.integer) NOT NULL REFERENCES locations (id),
            practitioner_id \(d.integer) REFERENCES practitioners (id),
            start_at \(d.integer) NOT NULL,
            end_at \(d.integer) NOT NULL CHECK (end_at > start_at),
            start_wall TEXT NOT NULL,
            time_zone TEXT NOT NULL,
            utc_offset \(d.integer) NOT NULL,
            status TEXT NOT NULL CHECK (status IN ('booked', 'cancelled', 'arrived', 'no_show')),
            reminder_kind TEXT NOT NULL CHECK (reminder_kind IN ('none', 'sms', 'email', 'both')),
            shortfall TEXT NOT NULL,
            generation \(d.integer) NOT NULL,
            external_id TEXT,
            version \(d.integer) NOT NULL,
            created_at \(d.integer) NOT NULL,
            changed_at \(d.integer) NOT NULL
        )\(d.tableOptions);
        CREATE INDEX appointments_by_start ON appointments (practice_id, start_at, id);
        CREATE INDEX appointments_by_change ON appointments (practice_id, changed_at);
        CREATE INDEX appointments_by_patient ON appointments (patient_id, start_at);
        CREATE INDEX appointments_by_location ON appointments (location_id);
        CREATE INDEX appointments_by_practitioner ON appointments (practitioner_id);
        CREATE UNIQUE INDEX appointments_by_external_id ON appointments (practice_id, external_id);
        """
    }

    private static func reminders(_ d: Dialect) -> String {
        """
        CREATE TABLE providers (
            id \(d.identity),
            practice_id \(d.integer) REFERENCES practices (id),
            name TEXT NOT NULL UNIQUE,
            kind TEXT NOT NULL CHECK (kind IN ('simulator', 'smpp', 'seven', 'websms', 'twilio', 'http')),
            url TEXT NOT NULL,
            account TEXT NOT NULL,
            secret \(d.bytes),
            options TEXT NOT NULL,
            priority \(d.integer) NOT NULL,
            version \(d.integer) NOT NULL,
            created_at \(d.integer) NOT NULL,
            changed_at \(d.integer) NOT NULL
        )\(d.tableOptions);
        CREATE TABLE messages (
            id \(d.identity),
            practice_id \(d.integer) NOT NULL REFERENCES practices (id),
            channel TEXT NOT NULL CHECK (channel IN ('sms', 'email')),
            recipient TEXT NOT NULL,
            sender TEXT NOT NULL,
            text TEXT NOT NULL,
            segments \(d.integer) NOT NULL,
            status TEXT CHECK (status IN ('submitted', 'delivered', 'undeliverable', 'expired', 'bounced',
                'rejected_by_recipient', 'service_unreachable', 'provider_error', 'provider_refused')),
            unclear \(d.integer) NOT NULL CHECK (unclear IN (0, 1)),
            presumed \(d.integer) NOT NULL CHECK (presumed IN (0, 1)),
            attempts \(d.integer) NOT NULL,
            possibly_twice \(d.integer) NOT NULL CHECK (possibly_twice IN (0, 1)),
            provider_id \(d.integer) REFERENCES providers (id),
            provider_message_id TEXT,
            receipt_key TEXT,
            submitted_at \(d.integer),
            delivered_at \(d.integer),
            expires_at \(d.integer),
            created_at \(d.integer) NOT NULL
        )\(d.tableOptions);
        CREATE INDEX messages_by_practice ON messages (practice_id, id);
        CREATE INDEX messages_by_receipt_key ON messages (provider_id, receipt_key) WHERE receipt_key IS NOT NULL;
        CREATE INDEX messages_by_expiry ON messages (expires_at) WHERE status = 'submitted';
        CREATE TABLE reminders (
            id \(d.identity),
            practice_id \(d.integer) NOT NULL REFERENCES practices (id),
            appointment_id \(d.integer) NOT NULL REFERENCES appointments (id),
            patient_id \(d.integer) NOT NULL REFERENCES patients (id),
            channel TEXT NOT NULL CHECK (channel IN ('sms', 'email')),
            purpose TEXT NOT NULL CHECK (purpose IN ('reminder', 'correction')),
            generation \(d.integer) NOT NULL,
            day TEXT NOT NULL,
            time_zone TEXT NOT NULL,
            due_at \(d.integer) NOT NULL,
            latest_at \(d.integer) NOT NULL,
            next_at \(d.integer) NOT NULL,
            state TEXT NOT NULL CHECK (state IN ('planned', 'started', 'settled', 'skipped')),
            reason TEXT CHECK (reason IN ('cancelled', 'moved', 'channel_off', 'no_mobile', 'no_email',
                'consent_withdrawn', 'too_late_to_send', 'practice_paused', 'no_provider', 'no_mailbox')),
            claim_token TEXT,
            told_start TEXT,
            says_start TEXT,
            message_id \(d.integer) REFERENCES messages (id),
            UNIQUE (appointment_id, channel, purpose, generation)
        )\(d.tableOptions);
        CREATE INDEX reminders_due ON reminders (next_at, id, practice_id, channel) WHERE state = 'planned';
        CREATE INDEX reminders_planned ON reminders (practice_id, channel, day) WHERE state = 'planned';
        CREATE INDEX reminders_by_message ON reminders (message_id) WHERE message_id IS NOT NULL;
        CREATE INDEX reminders_by_patient ON reminders (patient_id);
        """
    }

    private static func messages(_ d: Dialect) -> String {
        """
        CREATE TABLE attempts (
            id \(d.identity),
            message_id \(d.integer) NOT NULL REFERENCES messages (id),
            number \(d.integer) NOT NULL,
            provider_id \(d.integer) REFERENCES providers (id),
            claim_token TEXT NOT NULL,
            started_at \(d.integer) NOT NULL,
            ended_at \(d.integer),
            outcome TEXT CHECK (outcome IN ('accepted', 'unreachable', 'account_refused', 'refused', 'unknown')),
            detail TEXT NOT NULL,
            UNIQUE (message_id, number)
        )\(d.tableOptions);
        CREATE INDEX attempts_open ON attempts (started_at) WHERE ended_at IS NULL;
        CREATE INDEX attempts_unknown ON attempts (started_at) WHERE outcome = 'unknown';
        CREATE TABLE receipts (
            id \(d.identity),
            provider_id \(d.integer) NOT NULL REFERENCES providers (id),
            received_at \(d.integer) NOT NULL,
            provider_message_id TEXT NOT NULL,
            receipt_key TEXT NOT NULL,
            spellings TEXT NOT NULL,
            status TEXT NOT NULL CHECK (status IN ('submitted', 'delivered', 'undeliverable', 'expired', 'bounced',
                'rejected_by_recipient', 'service_unreachable', 'provider_error', 'provider_refused')),
            detail TEXT NOT NULL,
            raw TEXT NOT NULL,
            message_id \(d.integer) REFERENCES messages (id)
        )\(d.tableOptions);
        CREATE INDEX receipts_unmatched ON receipts (provider_id, receipt_key) WHERE message_id IS NULL;
        CREATE INDEX receipts_by_message ON receipts (message_id) WHERE message_id IS NOT NULL;
        """
    }

    private static func access(_ d: Dialect) -> String {
        """
        CREATE TABLE users (
            id \(d.identity),
            practice_id \(d.integer) NOT NULL REFERENCES practices (id),
            email TEXT NOT NULL UNIQUE,
            role TEXT NOT NULL CHECK (role IN ('admin', 'staff', 'reader')),
            language TEXT NOT NULL CHECK (language IN ('de', 'en')),
            password_salt \(d.bytes) NOT NULL,
            password_hash \(d.bytes) NOT NULL,
            created_at \(d.integer) NOT NULL
        )\(d.tableOptions);
        CREATE TABLE sessions (
            token_hash \(d.bytes) NOT NULL PRIMARY KEY,
            user_id \(d.integer) NOT NULL REFERENCES users (id) ON DELETE CASCADE,
            csrf TEXT NOT NULL,
            created_at \(d.integer) NOT NULL,
            seen_at \(d.integer) NOT NULL,
            expires_at \(d.integer) NOT NULL
        )\(d.tableOptions);
        CREATE INDEX sessions_by_expiry ON sessions (expires_at);
        CREATE TABLE tokens (
            id \(d.identity),
            practice_id \(d.integer) NOT NULL REFERENCES practices (id),
            name TEXT NOT NULL,
            scope TEXT NOT NULL CHECK (scope IN ('read', 'write')),
            secret_hash \(d.bytes) NOT NULL UNIQUE,
            created_at \(d.integer) NOT NULL,
            revoked_at \(d.integer)
        )\(d.tableOptions);
        CREATE TABLE requests (
            practice_id \(d.integer) NOT NULL REFERENCES practices (id),
            request_key TEXT NOT NULL,
            fingerprint TEXT NOT NULL,
            status \(d.integer) NOT NULL,
            body \(d.bytes) NOT NULL,
            etag TEXT,
            created_at \(d.integer) NOT NULL,
            PRIMARY KEY (practice_id, request_key)
        )\(d.tableOptions);
        CREATE INDEX requests_by_age ON requests (created_at);
        CREATE TABLE marks (
            name TEXT NOT NULL PRIMARY KEY,
            value \(d.bytes) NOT NULL
        )\(d.tableOptions);
        """
    }
}
