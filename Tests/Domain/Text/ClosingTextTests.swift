import Domain
import Testing

@Suite("The closing text of a location")
struct ClosingTextTests {
    @Test("124 septets are accepted, 125 are refused with how many are too many")
    func length() throws {
        #expect(try ClosingText(String(repeating: "a", count: 124)).septets == 124)
        #expect(
            ClosingText.problems(in: String(repeating: "a", count: 127)) == [
                FieldProblem("closingText", .textTooLong, ["septets": "127", "maximum": "124", "over": "3"])
            ]
        )
        #expect(throws: ProblemList.self) { try ClosingText(String(repeating: "a", count: 125)) }
    }

    @Test("characters of the extension count two", arguments: "^{}\\[~]|€".map(String.init))
    func extensionCharacters(character: String) throws {
        #expect(try ClosingText(String(repeating: character, count: 62)).septets == 124)
        let problems = ClosingText.problems(in: String(repeating: character, count: 62) + "a")
        #expect(problems.map(\.code) == [.textTooLong])
        #expect(problems.first?.arguments["over"] == "1")
    }

    @Test("line ends of every kind are one septet")
    func lineEnds() throws {
        let text = try ClosingText("a\r\nb\rc\nd\r\r\n\ne")
        #expect(text.value == "a\nb\nc\nd\n\n\ne")
        #expect(text.septets == 11)
    }

    @Test("text is brought to NFC first")
    func composed() throws {
        let text = try ClosingText("Bis bald, fu\u{308}r Ruckfragen")
        #expect(text.value.unicodeScalars.contains("ü"))
        #expect(text.septets == 24)
    }

    @Test("a character outside is named once, with place, name and suggestion")
    func notGSM() {
        #expect(
            ClosingText.problems(in: "Bitte „pünktlich„ 😀") == [
                FieldProblem(
                    "closingText",
                    .textNotGSM,
                    ["character": "„", "name": "U+201E", "offset": "6", "suggestion": "\""]
                ),
                FieldProblem(
                    "closingText",
                    .textNotGSM,
                    ["character": "😀", "name": "U+1F600", "offset": "18", "suggestion": ""]
                ),
            ]
        )
    }

    @Test("without a near spelling there is no suggestion")
    func noSuggestion() {
        let problem = ClosingText.problems(in: "漢", field: "text").first
        #expect(problem?.field == "text")
        #expect(problem?.arguments["suggestion"] == nil)
        #expect(problem?.arguments["name"] == "U+6F22")
    }

    @Test(
        "control characters are refused, also those of the alphabet",
        arguments: [
            ("\u{0C}", "U+000C"), ("\u{07}", "U+0007"), ("\t", "U+0009"), ("\u{1B}", "U+001B"), ("\0", "U+0000"),
        ]
    )
    func controls(character: String, name: String) {
        let problems = ClosingText.problems(in: "ab" + character)
        #expect(problems.map(\.code) == [.textNotGSM])
        #expect(problems.first?.arguments["name"] == name)
        #expect(problems.first?.arguments["character"] == name)
        #expect(problems.first?.arguments["offset"] == "2")
        #expect(ClosingText(stored: "ab" + character) == nil)
    }

    @Test("too long and outside are reported together")
    func together() {
        let codes = ClosingText.problems(in: String(repeating: "a", count: 123) + "……").map(\.code)
        #expect(codes == [.textTooLong, .textNotGSM])
    }

    @Test("nothing is a closing text too")
    func empty() throws {
        #expect(try ClosingText("") == .empty)
        #expect(ClosingText.empty.septets == 0)
        #expect(ClosingText.problems(in: "").isEmpty)
    }
}
