import Foundation
import Testing
import UUIDText

@Suite("The text form of UUIDs")
struct UUIDTextTests {
    @Test("it is Foundation's in lower case, and is read in either case")
    func roundTrip() {
        for _ in 0..<1_000 {
            let id = UUID()
            #expect(id.text == id.uuidString.lowercased())
            #expect(UUID(text: id.text) == id)
            #expect(UUID(text: id.uuidString) == id)
        }
    }

    @Test(
        "nothing else is read",
        arguments: [
            "", "0189f7e2-6c00-7000-8000-00000000000", "0189f7e2-6c00-7000-8000-0000000000000",
            "0189f7e26c0070008000000000000000", "0189f7e2-6c00-7000-8000 000000000000",
            "0189f7e-26c00-7000-8000-000000000000", "{189f7e2-6c00-7000-8000-000000000000",
            "0189f7g2-6c00-7000-8000-000000000000", "0189f7e2-6c00-7000-8000-0000000000 0",
            "0189f7e2-6c00-7000-8000-00000000000é", " 189f7e2-6c00-7000-8000-000000000000",
        ]
    )
    func otherTexts(text: String) {
        #expect(UUID(text: text) == nil)
    }
}
