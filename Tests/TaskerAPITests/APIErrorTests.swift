import Testing

@testable import TaskerAPI

@Suite("Errors of the API")
struct APIErrorTests {
    @Test("an error says how much is wrong, and nothing of what was sent")
    func description() {
        let issue = ValidationIssue("value_error", at: ["body", "hosts"], "a message", input: "secret.example")
        let error = APIError.invalid([issue, issue])
        #expect("\(error)" == "422, issues: 2")
        #expect(String(reflecting: error) == "422, issues: 2")
        #expect("\(APIError.unauthenticated)" == "401")
    }
}
