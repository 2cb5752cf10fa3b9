/// Gathers what is wrong with a request, up to a limit.
final class IssueCollector {
    /// How many issues an answer names; the rest would only repeat them.
    static let limit = 100

    private(set) var issues: [ValidationIssue] = []

    var isFull: Bool { issues.count >= Self.limit }

    /// Notes an issue. Once there is no room for more, its message is not even made: requests may hold a great many.
    func add(
        _ type: String,
        at location: [ValidationIssue.Step],
        _ message: @autoclosure () -> String,
        input: JSONValue = .null
    ) {
        guard !isFull else { return }
        issues.append(ValidationIssue(type, at: location, message(), input: input))
    }
}
