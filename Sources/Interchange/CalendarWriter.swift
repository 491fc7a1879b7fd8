import CLibICal
import Domain
import Foundation

/// Who stands in a calendar entry.
public struct CalendarParty: Hashable, Sendable {
    /// Empty where it is not known.
    public let name: String
    /// An address as it goes over the wire, its domain in ASCII.
    public let address: String

    public init(name: String = "", address: String) {
        self.name = name
        self.address = address
    }
}

/// A calendar entry could not be written, for want of memory.
public struct CalendarFailure: Error, Hashable, Sendable {}

/// Writes calendar entries as iCalendar (RFC 5545) that a mail program takes as one from the practice (RFC 5546 §3.2).
public enum CalendarWriter {
    /// In UTF-8, lines ending in CRLF and folded to 75 octets. Times are in UTC, so that no rules of a zone go along.
    ///
    /// The patient has accepted already: nothing asks them, and no answer comes (RFC 5546 §3.2.2.1 leaves that to RSVP).
    public static func write(
        _ entry: CalendarEntry,
        organizer: CalendarParty,
        attendee: CalendarParty,
        stamp: Date
    ) throws(CalendarFailure) -> String {
        guard isStarted else { throw CalendarFailure() }
        let method = entry.method == .cancel ? ICAL_METHOD_CANCEL : ICAL_METHOD_REQUEST
        return try text(
            [icalproperty_new_method(method)],
            when(entry, stamp) + what(entry) + [organizerProperty(organizer), attendeeProperty(attendee)]
        )
    }

    /// The same as a file that a person opens: it asks nothing and names nobody (RFC 5545 §3.6 demands no method).
    public static func file(_ entry: CalendarEntry, stamp: Date) throws(CalendarFailure) -> String {
        guard isStarted else { throw CalendarFailure() }
        return try text([], when(entry, stamp) + what(entry))
    }

    private static func text(
        _ head: [OpaquePointer?],
        _ properties: [OpaquePointer?]
    ) throws(CalendarFailure) -> String {
        guard let calendar = icalcomponent_new(ICAL_VCALENDAR_COMPONENT),
            let event = icalcomponent_new(ICAL_VEVENT_COMPONENT)
        else { throw CalendarFailure() }
        defer { icalcomponent_free(calendar) }
        icalcomponent_add_component(calendar, event)
        let version = [icalproperty_new_prodid("-//Vortag//Vortag//EN"), icalproperty_new_version("2.0")]
        for (component, all) in [(calendar, version + head), (event, properties)] {
            for property in all {
                guard let property else { throw CalendarFailure() }
                icalcomponent_add_property(component, property)
            }
        }
        guard let text = icalcomponent_as_ical_string_r(calendar) else { throw CalendarFailure() }
        defer { icalmemory_free_buffer(text) }
        return String(cString: text)
    }

    /// The library ends the process at an error unless it is told not to; its list of zones is read once, by one thread.
    private static let isStarted: Bool = {
        icalerror_set_errors_are_fatal(0)
        return icaltimezone_get_utc_timezone() != nil
    }()

    private static func when(_ entry: CalendarEntry, _ stamp: Date) -> [OpaquePointer?] {
        [
            icalproperty_new_uid(line(entry.uid)),
            icalproperty_new_sequence(Int32(clamping: entry.sequence)),
            icalproperty_new_dtstamp(utc(stamp)),
            icalproperty_new_dtstart(utc(entry.start)),
            icalproperty_new_dtend(utc(entry.end)),
        ]
    }

    private static func what(_ entry: CalendarEntry) -> [OpaquePointer?] {
        let place = line(entry.place)
        return [
            icalproperty_new_summary(line(entry.summary)),
            icalproperty_new_status(entry.method == .cancel ? ICAL_STATUS_CANCELLED : ICAL_STATUS_CONFIRMED),
            icalproperty_new_class(ICAL_CLASS_PRIVATE),
            icalproperty_new_transp(ICAL_TRANSP_OPAQUE),
        ] + (place.isEmpty ? [] : [icalproperty_new_location(place)])
    }

    private static func organizerProperty(_ party: CalendarParty) -> OpaquePointer? {
        let property = icalproperty_new_organizer(uri(party))
        addName(of: party, to: property)
        return property
    }

    private static func attendeeProperty(_ party: CalendarParty) -> OpaquePointer? {
        let property = icalproperty_new_attendee(uri(party))
        addName(of: party, to: property)
        guard let property else { return nil }
        icalproperty_add_parameter(property, icalparameter_new_cutype(ICAL_CUTYPE_INDIVIDUAL))
        icalproperty_add_parameter(property, icalparameter_new_role(ICAL_ROLE_REQPARTICIPANT))
        icalproperty_add_parameter(property, icalparameter_new_partstat(ICAL_PARTSTAT_ACCEPTED))
        icalproperty_add_parameter(property, icalparameter_new_rsvp(ICAL_RSVP_FALSE))
        return property
    }

    /// A parameter cannot hold the quotation mark (RFC 5545 §3.1); not every reader knows the way round it (RFC 6868).
    private static func addName(of party: CalendarParty, to property: OpaquePointer?) {
        let name = line(party.name).replacingOccurrences(of: "\"", with: "'").replacingOccurrences(of: "^", with: " ")
        guard let property, !name.isEmpty else { return }
        icalproperty_add_parameter(property, icalparameter_new_cn(name))
    }

    /// RFC 6068 §2: what is no character of an address in a URI is percent-encoded.
    private static func uri(_ party: CalendarParty) -> String {
        let plain = Set("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-._~!$'*+@".utf8)
        return "mailto:"
            + party.address.utf8.map { octet in
                guard !plain.contains(octet) else { return String(UnicodeScalar(octet)) }
                return "%" + (octet < 16 ? "0" : "") + String(octet, radix: 16, uppercase: true)
            }.joined()
    }

    private static func utc(_ date: Date) -> icaltimetype {
        icaltime_from_timet_with_zone(
            time_t(date.timeIntervalSince1970.rounded(.down)),
            0,
            icaltimezone_get_utc_timezone()
        )
    }

    /// One line: lines become a list, and other controls spaces.
    private static func line(_ text: String) -> String {
        let isControl = { (character: Character) in
            character.unicodeScalars.contains { $0.properties.generalCategory == .control }
        }
        return text.split(whereSeparator: \.isNewline)
            .map { String($0.map { isControl($0) ? " " : $0 }).trimmingCharacters(in: .whitespaces) }
            .filter { !$0.isEmpty }.joined(separator: ", ")
    }
}
