import Database

extension Migration {
    /// The practice's screens: who signs in and what they did, patients' contacts and consents, series, closing days,
    /// what patients answer by a link, the call list, and letters to the practice itself.
    static let m0006 = Migration(number: 6) { dialect in
        [
            access(dialect), audit(dialect), people(dialect), calendar(dialect), links(dialect), office(dialect),
            log(dialect),
        ]
        .joined(separator: "\n")
    }

    /// A secret without `totp_since` waits for its first code, until `totp_until` and in the session of that hash alone. `totp_step` is the time step of the last code that was
    /// taken, so that none is taken twice (RFC 6238 §5.2).
    private static func access(_ d: Dialect) -> String {
        """
        ALTER TABLE users ADD COLUMN name TEXT NOT NULL DEFAULT '';
        ALTER TABLE users ADD COLUMN seen_at \(d.integer);
        ALTER TABLE users ADD COLUMN totp_secret \(d.bytes);
        ALTER TABLE users ADD COLUMN totp_since \(d.integer);
        ALTER TABLE users ADD COLUMN totp_step \(d.integer);
        ALTER TABLE users ADD COLUMN totp_session \(d.bytes);
        ALTER TABLE users ADD COLUMN totp_until \(d.integer);
        CREATE INDEX users_by_practice ON users (practice_id, id);
        CREATE TABLE recovery_codes (
            user_id \(d.integer) NOT NULL REFERENCES users (id) ON DELETE CASCADE,
            code_hash \(d.bytes) NOT NULL,
            PRIMARY KEY (user_id, code_hash)
        )\(d.tableOptions);
        CREATE TABLE second_steps (
            word_hash \(d.bytes) NOT NULL PRIMARY KEY,
            user_id \(d.integer) NOT NULL REFERENCES users (id) ON DELETE CASCADE,
            tries \(d.integer) NOT NULL,
            expires_at \(d.integer) NOT NULL
        )\(d.tableOptions);
        CREATE TABLE password_resets (
            word_hash \(d.bytes) NOT NULL PRIMARY KEY,
            user_id \(d.integer) NOT NULL REFERENCES users (id) ON DELETE CASCADE,
            created_at \(d.integer) NOT NULL,
            expires_at \(d.integer) NOT NULL
        )\(d.tableOptions);
        CREATE INDEX password_resets_by_user ON password_resets (user_id);
        ALTER TABLE sessions ADD COLUMN address TEXT NOT NULL DEFAULT '';
        ALTER TABLE sessions ADD COLUMN browser TEXT NOT NULL DEFAULT '';
        CREATE INDEX sessions_by_user ON sessions (user_id);
        ALTER TABLE tokens ADD COLUMN used_at \(d.integer);
        """
    }

    /// Who looked at what, or changed it. `actor` stays when its user is gone. Each filter of the record has an index that
    /// ends with the order in which it is read.
    private static func audit(_ d: Dialect) -> String {
        """
        CREATE TABLE audit (
            id \(d.identity),
            practice_id \(d.integer) NOT NULL REFERENCES practices (id),
            at \(d.integer) NOT NULL,
            user_id \(d.integer),
            actor TEXT NOT NULL,
            deed TEXT NOT NULL CHECK (deed IN ('looked', 'created', 'changed', 'deleted', 'exported', 'sent',
                'signed_in', 'signed_out', 'refused')),
            subject TEXT NOT NULL CHECK (subject IN ('practice', 'location', 'practitioner', 'patient', 'appointment',
                'message', 'answer', 'call', 'provider', 'mailbox', 'user', 'session', 'token', 'closing_day', 'audit')),
            subject_id \(d.integer),
            detail TEXT CHECK (detail IN ('password', 'email', 'role', 'second_factor_on', 'second_factor_off',
                'recovery_codes', 'sessions', 'reset_link'))
        )\(d.tableOptions);
        CREATE INDEX audit_by_practice ON audit (practice_id, id);
        CREATE INDEX audit_by_subject ON audit (practice_id, subject, subject_id, id);
        CREATE INDEX audit_by_subjects ON audit (practice_id, subject, id);
        CREATE INDEX audit_by_user ON audit (practice_id, user_id, id);
        CREATE INDEX audit_by_deed ON audit (practice_id, deed, id);
        CREATE INDEX audit_by_age ON audit (at);
        """
    }

    /// Where `reaches_contact` is 1, messages go to the contact's number and address: a child's parent, for one.
    ///
    /// Patients are found by their words, which are written by code: where `has_words` is 0 they are still to be. A later
    /// change of how words are made sets it to 0.
    private static func people(_ d: Dialect) -> String {
        """
        ALTER TABLE practices ADD COLUMN keeps_birth_dates \(d.integer) NOT NULL DEFAULT 0
            CHECK (keeps_birth_dates IN (0, 1));
        ALTER TABLE patients ADD COLUMN birth_date TEXT;
        ALTER TABLE patients ADD COLUMN contact_name TEXT NOT NULL DEFAULT '';
        ALTER TABLE patients ADD COLUMN contact_relation TEXT NOT NULL DEFAULT '';
        ALTER TABLE patients ADD COLUMN contact_mobile TEXT;
        ALTER TABLE patients ADD COLUMN contact_email TEXT;
        ALTER TABLE patients ADD COLUMN reaches_contact \(d.integer) NOT NULL DEFAULT 0
            CHECK (reaches_contact IN (0, 1));
        CREATE INDEX patients_by_contact_mobile ON patients (contact_mobile) WHERE contact_mobile IS NOT NULL;
        ALTER TABLE patients DROP COLUMN search;
        ALTER TABLE patients ADD COLUMN has_words \(d.integer) NOT NULL DEFAULT 0 CHECK (has_words IN (0, 1));
        CREATE INDEX patients_without_words ON patients (id) WHERE has_words = 0 AND erased_at IS NULL;
        CREATE TABLE patient_words (
            patient_id \(d.integer) NOT NULL REFERENCES patients (id),
            word TEXT\(d.bytewise) NOT NULL,
            practice_id \(d.integer) NOT NULL REFERENCES practices (id),
            PRIMARY KEY (patient_id, word)
        )\(d.orderedTableOptions);
        CREATE INDEX patient_words_by_practice ON patient_words (practice_id, word, patient_id);
        CREATE TABLE consents (
            id \(d.identity),
            practice_id \(d.integer) NOT NULL REFERENCES practices (id),
            patient_id \(d.integer) NOT NULL REFERENCES patients (id),
            channel TEXT NOT NULL CHECK (channel IN ('sms', 'email')),
            consent TEXT NOT NULL CHECK (consent IN ('unknown', 'given', 'withdrawn')),
            means TEXT NOT NULL CHECK (means IN ('unsaid', 'form', 'in_person', 'phone', 'email', 'sms', 'unsubscribe',
                'interface')),
            actor TEXT NOT NULL,
            at \(d.integer) NOT NULL
        )\(d.tableOptions);
        CREATE INDEX consents_by_patient ON consents (patient_id, id);
        """
    }

    /// `region` is a subdivision of ISO 3166-2 whose public holidays hold, such as `DE-BY`; empty: those of the whole
    /// country. An undo restores what an appointment was, as long as its version is the one that the change left behind.
    private static func calendar(_ d: Dialect) -> String {
        """
        ALTER TABLE practices ADD COLUMN region TEXT NOT NULL DEFAULT '';
        CREATE TABLE closing_days (
            id \(d.identity),
            practice_id \(d.integer) NOT NULL REFERENCES practices (id),
            location_id \(d.integer) REFERENCES locations (id),
            first_day TEXT NOT NULL,
            last_day TEXT NOT NULL CHECK (last_day >= first_day),
            name TEXT NOT NULL
        )\(d.tableOptions);
        CREATE INDEX closing_days_by_practice ON closing_days (practice_id, last_day);
        CREATE TABLE series (
            id \(d.identity),
            practice_id \(d.integer) NOT NULL REFERENCES practices (id),
            weeks_apart \(d.integer) NOT NULL CHECK (weeks_apart > 0),
            created_at \(d.integer) NOT NULL
        )\(d.tableOptions);
        CREATE INDEX series_by_practice ON series (practice_id);
        ALTER TABLE appointments ADD COLUMN series_id \(d.integer) REFERENCES series (id);
        CREATE INDEX appointments_by_series ON appointments (series_id, start_at) WHERE series_id IS NOT NULL;
        CREATE TABLE undos (
            appointment_id \(d.integer) NOT NULL PRIMARY KEY REFERENCES appointments (id),
            practice_id \(d.integer) NOT NULL REFERENCES practices (id),
            version \(d.integer) NOT NULL,
            was TEXT NOT NULL,
            expires_at \(d.integer) NOT NULL
        )\(d.tableOptions);
        CREATE INDEX undos_by_practice ON undos (practice_id, expires_at);
        ALTER TABLE reminders ADD COLUMN told_location TEXT;
        """
    }

    /// What was said about an appointment is about its patient and its start of then: `generation` is the appointment's.
    private static func links(_ d: Dialect) -> String {
        """
        ALTER TABLE practices ADD COLUMN links_enabled \(d.integer) NOT NULL DEFAULT 0 CHECK (links_enabled IN (0, 1));
        CREATE TABLE link_answers (
            id \(d.identity),
            practice_id \(d.integer) NOT NULL REFERENCES practices (id),
            appointment_id \(d.integer) NOT NULL REFERENCES appointments (id),
            patient_id \(d.integer) NOT NULL REFERENCES patients (id),
            generation \(d.integer) NOT NULL,
            kind TEXT NOT NULL CHECK (kind IN ('confirmed', 'cancel_asked', 'wrong_number')),
            received_at \(d.integer) NOT NULL,
            done_at \(d.integer),
            UNIQUE (appointment_id, patient_id, generation, kind)
        )\(d.tableOptions);
        CREATE INDEX link_answers_by_practice ON link_answers (practice_id, id);
        CREATE INDEX link_answers_open ON link_answers (practice_id, id) WHERE done_at IS NULL;
        CREATE INDEX link_answers_by_patient ON link_answers (patient_id, id);
        """
    }

    /// A letter goes to someone of the practice by its own mailbox; of one occasion each recipient gets one.
    private static func office(_ d: Dialect) -> String {
        """
        CREATE TABLE calls (
            reminder_id \(d.integer) NOT NULL PRIMARY KEY REFERENCES reminders (id),
            practice_id \(d.integer) NOT NULL REFERENCES practices (id),
            at \(d.integer) NOT NULL,
            user_id \(d.integer),
            actor TEXT NOT NULL,
            note TEXT NOT NULL
        )\(d.tableOptions);
        CREATE INDEX calls_by_practice ON calls (practice_id, at);
        ALTER TABLE practices ADD COLUMN report_to TEXT;
        CREATE TABLE letters (
            id \(d.identity),
            practice_id \(d.integer) NOT NULL REFERENCES practices (id),
            kind TEXT NOT NULL CHECK (kind IN ('password_reset', 'morning_report')),
            user_id \(d.integer) REFERENCES users (id) ON DELETE CASCADE,
            recipient TEXT NOT NULL,
            occasion TEXT NOT NULL,
            created_at \(d.integer) NOT NULL,
            next_at \(d.integer) NOT NULL,
            expires_at \(d.integer) NOT NULL,
            tries \(d.integer) NOT NULL DEFAULT 0,
            sent_at \(d.integer),
            ended_at \(d.integer),
            detail TEXT NOT NULL DEFAULT '',
            UNIQUE (practice_id, kind, recipient, occasion)
        )\(d.tableOptions);
        CREATE INDEX letters_open ON letters (next_at) WHERE ended_at IS NULL;
        """
    }

    /// The log is read by channel and day, the newest first; what came to a bad end also by itself. Both hold what the log
    /// is filtered by, so that a page is found in the index alone. What was given up is looked at for some days only.
    private static func log(_ d: Dialect) -> String {
        """
        CREATE INDEX messages_by_day ON messages (practice_id, channel, created_at, id, location_id);
        DROP INDEX messages_by_practice;
        DROP INDEX messages_in_trouble;
        CREATE INDEX messages_in_trouble ON messages (practice_id, created_at, id, status, channel, location_id)
            WHERE status NOT IN ('submitted', 'delivered');
        CREATE INDEX messages_given_up_lately ON messages (created_at)
            WHERE presumed = 1 AND status = 'provider_error';
        """
    }
}
