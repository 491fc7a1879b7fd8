import Domain
import Foundation
import Testing

@Suite("The day before")
struct ReminderScheduleTests {
    struct Row: Sendable, CustomTestStringConvertible {
        let zone: String
        let start: String
        let due: String
        let latest: String

        init(_ zone: String, _ start: String, _ due: String, _ latest: String) {
            self.zone = zone
            self.start = start
            self.due = due
            self.latest = latest
        }

        var testDescription: String { zone + " " + start }
    }

    static let rows: [Row] = [
        Row("Europe/Vienna", "2027-03-12T10:30", "2027-03-11T07:00:00+01:00", "2027-03-11T20:00:00+01:00"),
        Row("Europe/Vienna", "2027-03-12T00:00", "2027-03-11T07:00:00+01:00", "2027-03-11T20:00:00+01:00"),
        Row("Europe/Vienna", "2027-03-12T23:59", "2027-03-11T07:00:00+01:00", "2027-03-11T20:00:00+01:00"),
        // Months, years, leap days.
        Row("Europe/Vienna", "2027-05-01T08:00", "2027-04-30T07:00:00+02:00", "2027-04-30T20:00:00+02:00"),
        Row("Europe/Vienna", "2028-01-01T08:00", "2027-12-31T07:00:00+01:00", "2027-12-31T20:00:00+01:00"),
        Row("Europe/Vienna", "2028-03-01T08:00", "2028-02-29T07:00:00+01:00", "2028-02-29T20:00:00+01:00"),
        Row("Europe/Vienna", "2028-02-29T08:00", "2028-02-28T07:00:00+01:00", "2028-02-28T20:00:00+01:00"),
        Row("Europe/Vienna", "2027-03-01T08:00", "2027-02-28T07:00:00+01:00", "2027-02-28T20:00:00+01:00"),
        // Both clock changes: of the appointment's day, and of the day before.
        Row("Europe/Vienna", "2027-03-28T10:30", "2027-03-27T07:00:00+01:00", "2027-03-27T20:00:00+01:00"),
        Row("Europe/Vienna", "2027-03-29T10:30", "2027-03-28T07:00:00+02:00", "2027-03-28T20:00:00+02:00"),
        Row("Europe/Berlin", "2027-10-31T10:30", "2027-10-30T07:00:00+02:00", "2027-10-30T20:00:00+02:00"),
        Row("Europe/Berlin", "2027-11-01T10:30", "2027-10-31T07:00:00+01:00", "2027-10-31T20:00:00+01:00"),
        Row("Europe/Berlin", "2027-03-28T10:30", "2027-03-27T07:00:00+01:00", "2027-03-27T20:00:00+01:00"),
        Row("Europe/Vienna", "2027-11-01T10:30", "2027-10-31T07:00:00+01:00", "2027-10-31T20:00:00+01:00"),
        // Odd zones: half an hour of summer time, a change at midnight, a day that never was.
        Row("Australia/Lord_Howe", "2027-10-03T09:00", "2027-10-02T07:00:00+10:30", "2027-10-02T20:00:00+10:30"),
        Row("Australia/Lord_Howe", "2027-10-04T09:00", "2027-10-03T07:00:00+11:00", "2027-10-03T20:00:00+11:00"),
        Row("America/Santiago", "2027-09-06T09:00", "2027-09-05T07:00:00-03:00", "2027-09-05T20:00:00-03:00"),
        Row("America/Santiago", "2027-09-05T09:00", "2027-09-04T07:00:00-04:00", "2027-09-04T20:00:00-04:00"),
        Row("Pacific/Apia", "2011-12-31T09:00", "2011-12-29T07:00:00-10:00", "2011-12-29T20:00:00-10:00"),
        Row("Pacific/Kiritimati", "2027-01-01T00:30", "2026-12-31T07:00:00+14:00", "2026-12-31T20:00:00+14:00"),
    ]

    @Test("is when the reminder leaves", arguments: rows)
    func dayBefore(row: Row) throws {
        let zone = try #require(TimeZone(identifier: row.zone))
        let start = try #require(WallTime(iso: row.start))
        let schedule = ReminderSchedule(start: start, zone: zone, sendTime: .seven, latest: .standard)
        #expect(RFC3339.format(schedule.dueAt, in: zone) == row.due)
        #expect(RFC3339.format(schedule.latestAt, in: zone) == row.latest)
        #expect(schedule.day.iso == row.due.prefix(10))
        #expect(schedule == ReminderSchedule(day: schedule.day, zone: zone, sendTime: .seven, latest: .standard))
    }

    @Test("holds for every day of four years and each send time", arguments: SendTime.allCases)
    func everyDay(sendTime: SendTime) throws {
        let zone = try #require(TimeZone(identifier: "Europe/Vienna"))
        var day = try #require(LocalDate(year: 2027, month: 1, day: 1))
        while day.year < 2031 {
            let start = WallTime(date: day, hour: 0, minute: 0)
            let schedule = ReminderSchedule(start: start, zone: zone, sendTime: sendTime, latest: .standard)
            let due = WallTime.of(schedule.dueAt, in: zone)
            if due.date != day.adding(days: -1) || due.clock != sendTime.rawValue || schedule.dueAt >= schedule.latestAt
            {
                Issue.record("\(day) \(due)")
            }
            day = day.adding(days: 1)
        }
    }

    @Test("only three send times are offered")
    func sendTimes() {
        #expect(SendTime.allCases.map(\.rawValue) == ["07:00", "08:00", "09:00"])
        for time in SendTime.allCases { #expect(SendTime.parse(" " + time.rawValue, field: "f") == .success(time)) }
        let refused = FieldProblem("smsSendTime", .sendTimeNotOffered, ["offered": "07:00, 08:00, 09:00"])
        for raw in ["", "7:00", "07:30", "10:00", "06:00", "07:00:00", "7", "seven"] {
            #expect(SendTime.parse(raw, field: "smsSendTime") == .failure(refused))
        }
    }

    @Test("the latest send time lies between 09:00 and 20:30")
    func latestSendTimes() throws {
        #expect(LatestSendTime.standard.description == "20:00")
        #expect(try LatestSendTime.parse("20:30").get().minutes == 1_230)
        #expect(try LatestSendTime.parse("09:00").get() == .earliest)
        let refused = FieldProblem("latest", .sendTimeNotOffered, ["earliest": "09:00", "latest": "20:30"])
        for raw in ["20:31", "08:59", "24:00", "9:00", "", "abc", "20:00:00", "２０:00"] {
            #expect(LatestSendTime.parse(raw, field: "latest") == .failure(refused))
        }
    }
}

@Suite("48 hours")
struct FortyEightHoursTests {
    @Test(
        "are elapsed hours, to the second, over clock changes too",
        arguments: [
            ("2027-03-12T10:30:00+01:00", "2027-03-10T10:30:00+01:00", true),
            ("2027-03-12T10:30:00+01:00", "2027-03-10T10:30:01+01:00", false),
            ("2027-03-12T10:30:00+01:00", "2027-03-10T10:30:00.001+01:00", false),
            ("2027-03-12T10:30:00+01:00", "2027-03-10T10:29:59+01:00", true),
            ("2027-03-12T10:30:00+01:00", "2027-03-13T10:30:00+01:00", false),
            // Spring: the same wall time two days before is only 47 hours away.
            ("2027-03-29T10:30:00+02:00", "2027-03-27T10:30:00+01:00", false),
            ("2027-03-29T10:30:00+02:00", "2027-03-27T09:30:00+01:00", true),
            ("2027-03-29T10:30:00+02:00", "2027-03-27T09:30:01+01:00", false),
            // Autumn: it is 49 hours away.
            ("2027-11-01T10:30:00+01:00", "2027-10-30T10:30:00+02:00", true),
            ("2027-11-01T10:30:00+01:00", "2027-10-30T11:30:00+02:00", true),
            ("2027-11-01T10:30:00+01:00", "2027-10-30T11:30:01+02:00", false),
        ]
    )
    func elapsed(start: String, now: String, allowed: Bool) throws {
        let start = try #require(RFC3339.parse(start)).instant
        let now = try #require(RFC3339.parse(now)).instant
        #expect(FortyEightHours.allows(start: start, now: now) == allowed)
        #expect((now <= FortyEightHours.choosableUntil(start: start)) == allowed)
    }
}

@Suite("The validity of an SMS")
struct ValidityPeriodTests {
    @Test(
        "ends before the appointment and before 21:00 of the day it was sent",
        arguments: [
            ("2027-03-11T07:00:00+01:00", "2027-03-12T10:30:00+01:00", 50_399),
            ("2027-03-11T20:30:00+01:00", "2027-03-12T10:30:00+01:00", 1_799),
            ("2027-03-11T07:00:00+01:00", "2027-03-11T08:00:00+01:00", 3_599),
            ("2027-03-11T07:00:00.500+01:00", "2027-03-12T10:30:00+01:00", 50_399),
            ("2027-03-11T20:59:30+01:00", "2027-03-12T10:30:00+01:00", 60),
            ("2027-03-11T22:00:00+01:00", "2027-03-12T10:30:00+01:00", 60),
            ("2027-03-11T07:00:00+01:00", "2027-03-10T10:30:00+01:00", 60),
            // The clocks change at 02:00 and 03:00, before the send time.
            ("2027-03-28T00:00:00+01:00", "2027-03-29T10:30:00+02:00", 71_999),
        ]
    )
    func ends(sentAt: String, start: String, seconds: Int) throws {
        let zone = try #require(TimeZone(identifier: "Europe/Vienna"))
        let sentAt = try #require(RFC3339.parse(sentAt)).instant
        let start = try #require(RFC3339.parse(start)).instant
        #expect(ValidityPeriod.seconds(sentAt: sentAt, start: start, zone: zone) == seconds)
    }
}
