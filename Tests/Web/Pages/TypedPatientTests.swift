import Domain
import Testing

@testable import Web

struct TypedPatientTests {
    @Test(
        "What was searched for is taken as the new patient's name, or number",
        arguments: [
            ("Eva Muster", "Eva", "Muster", ""), ("Muster, Eva Maria", "Eva Maria", "Muster", ""),
            ("Muster", "", "Muster", ""), ("0664 1234500", "", "", "0664 1234500"), ("12.03.1980", "", "", ""),
            ("", "", "", ""),
        ]
    )
    func typed(search: String, first: String, last: String, mobile: String) {
        var form = AppointmentForm()
        form.search = search
        let typed = TypedPatient(form)
        #expect([typed.firstName, typed.lastName, typed.mobile] == [first, last, mobile])
    }

    @Test("What stands in the fields is kept")
    func kept() {
        var form = AppointmentForm()
        form.search = "Eva Muster"
        form.newcomer.lastName = "Huber"
        #expect(TypedPatient(form).lastName == "Huber" && TypedPatient(form).firstName == "")
    }

    @Test("A calendar's end becomes minutes", arguments: [("11:15", "45"), ("45", "45"), ("00:30", "840"), ("x", "x")])
    func minutes(end: String, expected: String) {
        let form = AppointmentForm(FormData(encoded: "startTime=10:30&end=\(end)"))
        #expect(form.duration == expected)
    }
}
