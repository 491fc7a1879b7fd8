/// ``Domain/Patient/reached`` in SQL.
enum ReachedColumns {
    /// The number that messages go to.
    static func mobile(of alias: String) -> String {
        "CASE \(alias).reaches_contact WHEN 1 THEN \(alias).contact_mobile ELSE \(alias).mobile END"
    }

    /// The address that messages go to.
    static func email(of alias: String) -> String {
        "CASE \(alias).reaches_contact WHEN 1 THEN \(alias).contact_email ELSE \(alias).email END"
    }

    /// That messages go to a number; an index holds each of the two.
    static func reaches(_ number: String, _ alias: String) -> String {
        """
        ((\(alias).mobile = \(number) AND \(alias).reaches_contact = 0)
            OR (\(alias).contact_mobile = \(number) AND \(alias).reaches_contact = 1))
        """
    }
}
