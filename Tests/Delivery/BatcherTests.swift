import Synchronization
import Testing

@testable import Delivery

/// Items that come together are written together.
@Suite struct BatcherTests {
    private final class Book: Sendable {
        private let batches = Mutex<[[Int]]>([])
        var written: [[Int]] { batches.withLock { $0 } }
        func write(_ batch: [Int]) { batches.withLock { $0.append(batch) } }
    }

    @Test func aListAboveTheLimitIsWrittenInParts() async {
        let book = Book()
        let batcher = Batcher<Int>(limit: 10, gathering: .milliseconds(1)) { book.write($0) }
        #expect(await batcher.add(Array(0..<25)))
        #expect(book.written == [Array(0..<10), Array(10..<20), Array(20..<25)])
    }

    @Test func nothingIsDurableWhereAPartIsNot() async {
        let book = Book()
        let batcher = Batcher<Int>(limit: 10, gathering: .milliseconds(1)) { batch in
            if batch.contains(15) { throw CancellationError() }
            book.write(batch)
        }
        #expect(await !batcher.add(Array(0..<25)))
        #expect(await batcher.add([26]))
        #expect(book.written.last == [26])
    }

    @Test func whatComesMeanwhileIsWrittenTogetherInItsOrder() async {
        let book = Book()
        let batcher = Batcher<Int>(limit: 1_000, gathering: .milliseconds(50)) { book.write($0) }
        await withTaskGroup(of: Bool.self) { group in
            for number in 0..<100 { group.addTask { await batcher.add([2 * number, 2 * number + 1]) } }
            for await isDurable in group { #expect(isDurable) }
        }
        #expect(book.written.count < 10)
        #expect(book.written.joined().sorted() == Array(0..<200))
        #expect(book.written.allSatisfy { batch in batch.indices.allSatisfy { batch[$0] % 2 == $0 % 2 } })
    }
}
