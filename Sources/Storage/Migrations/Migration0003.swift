import Database

extension Migration {
    /// A message points to its reminder, and not the reverse: a start makes a reminder's row no longer,
    /// and a reminder has one message at most. What came to a bad end is found without reading the whole log.
    static let m0003 = Migration(number: 3) { dialect in
        """
        ALTER TABLE messages ADD COLUMN reminder_id \(dialect.integer) REFERENCES reminders (id);
        ALTER TABLE messages ADD COLUMN says_start TEXT;
        UPDATE messages SET reminder_id = r.id, says_start = r.says_start
            FROM reminders r WHERE r.message_id = messages.id;
        DROP INDEX reminders_by_message;
        ALTER TABLE reminders DROP COLUMN message_id;
        ALTER TABLE reminders DROP COLUMN says_start;
        CREATE UNIQUE INDEX messages_by_reminder ON messages (reminder_id);
        CREATE INDEX messages_in_trouble ON messages (practice_id, status, id)
            WHERE status NOT IN ('submitted', 'delivered');
        """
    }
}
