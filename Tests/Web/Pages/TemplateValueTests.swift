import Domain
import Mustache
import Testing

@testable import Web

@Suite("What a template reads of a view")
struct TemplateValueTests {
    private struct Row: Sendable {
        let name: String
        let note: String?
        let look: Look
        let id: Patient.ID
        let isOver: Bool
        let signs: [String]
        let further: [Row]
        let any: any Sendable
    }

    private let row = Row(
        name: "Huber",
        note: nil,
        look: .failed,
        id: Patient.ID(7),
        isOver: false,
        signs: ["a", "b"],
        further: [
            Row(
                name: "Auer",
                note: "Kind",
                look: .planned,
                id: Patient.ID(8),
                isOver: true,
                signs: [],
                further: [],
                any: 1
            )
        ],
        any: ["x"]
    )

    @Test(
        "Every kind of property is read as the library reads it by itself",
        arguments: [
            "{{name}} {{look}} {{id}} {{any}}", "{{#note}}{{.}}{{/note}}{{^note}}none{{/note}}",
            "{{#isOver}}over{{/isOver}}{{^isOver}}open{{/isOver}}", "{{#signs}}{{.}},{{/signs}}",
            "{{^empty(signs)}}some{{/empty(signs)}}{{#further}}{{^empty(signs)}}some{{/empty(signs)}}{{/further}}",
            "{{#further}}{{name}} {{note}} {{look}} {{id}} {{#isOver}}over{{/isOver}}{{/further}}",
            "{{#any}}{{.}}{{/any}}{{#further}}{{#any}}{{.}}{{/any}}{{/further}}", "{{further.name}}{{nothing}}",
        ]
    )
    func same(template: String) throws {
        let template = try MustacheTemplate(string: template)
        #expect(template.render(TemplateValue.of(row) ?? "") == template.render(row))
    }

    @Test("What is nil means what it means further outside")
    func fallsThrough() throws {
        struct Outer: Sendable {
            let note: String
            let row: Row
        }
        let template = try MustacheTemplate(string: "{{#row}}{{note}}{{/row}}")
        #expect(template.render(TemplateValue.of(Outer(note: "outside", row: row)) ?? "") == "outside")
    }

    @Test("nil is nothing")
    func nothing() {
        #expect(TemplateValue.of(String?.none as Any) == nil)
    }
}
