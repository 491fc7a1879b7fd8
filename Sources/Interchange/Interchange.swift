// Appointments as other programs exchange them: iCalendar today; CSV and FHIR to come.
// Text in, domain values out, and the reverse; libical and its like stay inside.
// No table, no connection, no page.
