import Testing

@testable import TaskerAPI

@Suite("Spelling")
struct SpellingTests {
    @Test(
        "the distance counts insertions, deletions, replacements and swaps",
        arguments: [
            ("", "", 0), ("abc", "abc", 0), ("", "abc", 3), ("abc", "", 3), ("kitten", "sitting", 3),
            ("exlcude", "exclude", 1),
            ("ca", "abc", 3), ("host", "hosts", 1),
        ]
    )
    func distance(left: String, right: String, expected: Int) {
        #expect(Spelling.distance(left, right) == expected)
        #expect(Spelling.distance(right, left) == expected)
    }
}
