/// Checks the body of a requeue: `{"refused": true}`.
enum RequeueRequestReader {
    static let schema = Schema.object([.required("refused", .constant(true))], isClosed: true)

    /// How many values a body may hold; past that, nothing is found out that an answer could not say already.
    private static let valueLimit = 1_000

    /// - Throws: a 422 that names every entry at fault.
    static func check(_ body: [UInt8]) throws(APIError) {
        let value = try JSONValue(body: body, maximumValues: valueLimit)
        let issues = IssueCollector()
        let reader = ObjectReader(value, at: ["body"], fields: schema.memberNames, issues: issues)
        if let reader, reader.bool("refused", isRequired: true) == false {
            issues.add("literal_error", at: reader.place(of: "refused"), "Input should be true", input: .bool(false))
        }
        guard issues.issues.isEmpty else { throw .invalid(issues.issues) }
    }
}
