import Domain
import Foundation
import Testing

@Suite("Days and wall times")
struct CalendarTests {
    @Test("every day of 400 years follows its predecessor, and weekdays follow each other")
    func everyDay() throws {
        var day = try #require(LocalDate(year: 1900, month: 1, day: 1))
        #expect(day.weekday == 1)
        var expected = (year: 1900, month: 1, day: 1)
        var weekday = 1
        while day.year < 2300 {
            if (day.year, day.month, day.day) != expected || day.weekday != weekday { Issue.record("\(day)") }
            let next = day.adding(days: 1)
            if next.adding(days: -1) != day || next <= day { Issue.record("\(day)") }
            expected.day += 1
            if LocalDate(year: expected.year, month: expected.month, day: expected.day) == nil {
                expected = expected.month == 12 ? (expected.year + 1, 1, 1) : (expected.year, expected.month + 1, 1)
            }
            weekday = weekday % 7 + 1
            day = next
        }
    }

    @Test("known days lie at their distance from 1970")
    func distances() throws {
        #expect(try date("1970-01-01").daysSince1970 == 0)
        #expect(try date("1969-12-31").daysSince1970 == -1)
        #expect(try date("2027-03-12").daysSince1970 == 20_889)
        #expect(try date("0001-01-01").daysSince1970 == -719_162)
        #expect(try date("0001-01-01").adding(days: 3_652_058).iso == "9999-12-31")
        #expect(try date("2027-03-12").weekday == 5)
    }

    @Test(
        "only days of the calendar are read",
        arguments: [
            ("2028-02-29", true), ("2027-02-29", false), ("2000-02-29", true), ("2100-02-29", false),
            ("2027-04-31", false), ("2027-00-01", false), ("2027-13-01", false), ("2027-01-00", false),
            ("0000-01-01", false), ("2027-1-01", false), ("2027-01-01 ", false), ("27-01-01", false), ("", false),
            ("2027/01/01", false), ("２０２７-01-01", false), ("-027-01-01", false), ("+027-01-01", false),
        ]
    )
    func reading(text: String, accepted: Bool) {
        #expect((LocalDate(iso: text) != nil) == accepted)
        if accepted { #expect(LocalDate(iso: text)?.iso == text) }
    }

    @Test(
        "wall times are read and written",
        arguments: [
            ("2027-03-02T10:30", "2027-03-02T10:30"), ("2027-03-02T10:30:00", "2027-03-02T10:30"),
            ("2027-03-02T10:30:15", "2027-03-02T10:30:15"), ("2027-03-02 00:00", "2027-03-02T00:00"),
            ("2027-03-02T24:00", nil), ("2027-03-02T10:60", nil), ("2027-03-02T10:30:60", nil),
            ("2027-03-02T9:30", nil),
            ("2027-03-02", nil), ("2027-03-02T10:30Z", nil), ("2027-02-30T10:30", nil), ("2027-03-02T10:30:00.0", nil),
        ] as [(String, String?)]
    )
    func wallTimes(text: String, iso: String?) {
        #expect(WallTime(iso: text)?.iso == iso)
    }

    @Test("wall times before 1970 and parts of seconds are cut towards the past")
    func beforeTheEpoch() throws {
        let utc = try #require(TimeZone(identifier: "UTC"))
        #expect(WallTime.of(Date(timeIntervalSince1970: -0.5), in: utc).iso == "1969-12-31T23:59:59")
        #expect(WallTime.of(Date(timeIntervalSince1970: 59.999), in: utc).iso == "1970-01-01T00:00:59")
    }

    @Test(
        "an instant over a clock change: a gap moves forward, an overlap takes the earlier",
        arguments: [
            ("Europe/Vienna", "2027-03-28T01:59", "2027-03-28T01:59:00+01:00"),
            ("Europe/Vienna", "2027-03-28T02:00", "2027-03-28T03:00:00+02:00"),
            ("Europe/Vienna", "2027-03-28T02:30", "2027-03-28T03:30:00+02:00"),
            ("Europe/Vienna", "2027-03-28T03:00", "2027-03-28T03:00:00+02:00"),
            ("Europe/Berlin", "2027-10-31T02:30", "2027-10-31T02:30:00+02:00"),
            ("Europe/Berlin", "2027-10-31T01:59", "2027-10-31T01:59:00+02:00"),
            ("Europe/Berlin", "2027-10-31T03:00", "2027-10-31T03:00:00+01:00"),
            ("Australia/Lord_Howe", "2027-10-03T02:15", "2027-10-03T02:45:00+11:00"),
            ("Australia/Lord_Howe", "2027-04-04T01:45", "2027-04-04T01:45:00+11:00"),
            ("Pacific/Apia", "2011-12-30T12:00", "2011-12-31T12:00:00+14:00"),
            ("America/Santiago", "2027-09-05T00:30", "2027-09-05T01:30:00-03:00"),
            ("Asia/Kathmandu", "2027-06-01T12:00", "2027-06-01T12:00:00+05:45"),
            ("UTC", "2027-03-28T02:30", "2027-03-28T02:30:00+00:00"),
        ]
    )
    func instants(zone: String, wall: String, instant: String) throws {
        let zone = try #require(TimeZone(identifier: zone))
        let time = try #require(WallTime(iso: wall))
        #expect(RFC3339.format(time.instant(in: zone), in: zone) == instant)
    }

    @Test("the offset that was kept chooses the hour that the clocks show twice")
    func preferredOffset() throws {
        let vienna = try #require(TimeZone(identifier: "Europe/Vienna"))
        let twice = try #require(WallTime(iso: "2027-10-31T02:30"))
        let late = twice.instant(in: vienna, preferredOffsetSeconds: 3_600)
        #expect(RFC3339.format(late, in: vienna) == "2027-10-31T02:30:00+01:00")
        let early = twice.instant(in: vienna, preferredOffsetSeconds: 7_200)
        #expect(RFC3339.format(early, in: vienna) == "2027-10-31T02:30:00+02:00")
        // An offset that the zone does not have then is of no account.
        let once = try #require(WallTime(iso: "2027-07-01T10:00"))
        #expect(once.instant(in: vienna, preferredOffsetSeconds: 3_600) == once.instant(in: vienna))
    }

    @Test(
        "every half hour of two years goes to an instant and back",
        arguments: [
            "Europe/Vienna", "Australia/Lord_Howe", "Africa/Casablanca", "America/Santiago", "America/St_Johns",
            "Pacific/Chatham",
        ]
    )
    func roundTrip(identifier: String) throws {
        let zone = try #require(TimeZone(identifier: identifier))
        var instant = try #require(RFC3339.parse("2027-01-01T00:00:00Z")).instant
        let end = try #require(RFC3339.parse("2029-01-01T00:00:00Z")).instant
        while instant < end {
            let wall = WallTime.of(instant, in: zone)
            let back = wall.instant(in: zone, preferredOffsetSeconds: zone.secondsFromGMT(for: instant))
            if back != instant || wall.instant(in: zone) > instant { Issue.record("\(identifier) \(wall)") }
            instant.addTimeInterval(1_800)
        }
    }

    private func date(_ iso: String) throws -> LocalDate { try #require(LocalDate(iso: iso)) }
}
