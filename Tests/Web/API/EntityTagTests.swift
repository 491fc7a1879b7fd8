import Testing

@testable import Web

/// Conditional requests, RFC 9110 §13.1.
struct EntityTagTests {
    @Test(
        arguments: [
            ([], .anything), (["*"], .anything), (["\"3\""], .versions([3])), (["\"3\", \"4\""], .versions([3, 4])),
            (["\"3\"", "\"4\""], .versions([3, 4])), (["W/\"3\""], .versions([-1])), (["3"], .versions([-1])),
            (["\"abc\""], .versions([-1])), (["\""], .versions([-1])), (["\"3-required\""], .versions([3])),
            (["\"-required\""], .versions([-1])),
        ] as [([String], EntityTag.Expectation)]
    )
    func `If-Match says what may be changed`(values: [String], expected: EntityTag.Expectation) {
        #expect(EntityTag.expectation(ifMatch: values) == expected)
    }

    @Test(arguments: [(3, 3), (4, 4), (5, -1)] as [(Int64, Int64)])
    func `Of several versions the current one is expected, or none`(current: Int64, expected: Int64) async throws {
        #expect(try await EntityTag.Expectation.versions([3, 4]).version { current } == expected)
    }

    @Test func `What is shown beside the version makes another tag`() {
        #expect(EntityTag.of(3, "required") == "\"3-required\"")
        #expect(!EntityTag.isKnown(EntityTag.of(3, "required"), ifNoneMatch: [EntityTag.of(3, "registered")]))
    }

    @Test(arguments: [
        (["\"3\""], true), (["W/\"3\""], true), (["*"], true), (["\"2\", \"3\""], true), (["\"2\""], false),
        ([], false),
    ])
    func `If-None-Match compares weakly`(values: [String], expected: Bool) {
        #expect(EntityTag.isKnown(EntityTag.of(3), ifNoneMatch: values) == expected)
    }
}
