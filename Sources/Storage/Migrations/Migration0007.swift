import Database

extension Migration {
    /// What patients said by a link, with what they saw and of which link and number it was said.
    ///
    /// `seen` is the start and the location that was shown: what was said about another one does not count. `said_of` is
    /// the number, else the address, that messages went to when somebody said not to be the patient, and `link` the
    /// number of the link that brought them: those up to it show nothing any more.
    static let m0007 = Migration(number: 7) { d in
        """
        ALTER TABLE link_answers ADD COLUMN seen TEXT NOT NULL DEFAULT '';
        ALTER TABLE link_answers ADD COLUMN said_of TEXT NOT NULL DEFAULT '';
        ALTER TABLE link_answers ADD COLUMN link \(d.integer) NOT NULL DEFAULT 0;
        UPDATE link_answers SET seen = (
            SELECT a.start_wall || '@' || a.location_id FROM appointments a WHERE a.id = link_answers.appointment_id
        ) WHERE generation = (SELECT a.generation FROM appointments a WHERE a.id = link_answers.appointment_id);
        UPDATE link_answers SET said_of = (
            SELECT CASE p.reaches_contact WHEN 1 THEN COALESCE(p.contact_mobile, p.contact_email, '')
                ELSE COALESCE(p.mobile, p.email, '') END
            FROM patients p WHERE p.id = link_answers.patient_id
        ) WHERE kind = 'wrong_number';
        DROP INDEX link_answers_by_practice;
        CREATE INDEX link_answers_by_practice ON link_answers (practice_id, received_at, id);
        CREATE INDEX link_answers_astray ON link_answers (practice_id, appointment_id) WHERE kind = 'wrong_number';
        """
    }
}
