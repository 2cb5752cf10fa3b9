extension APIError {
    /// A body that says in words what was refused.
    static let textSchema = Schema.object([.required("detail", .string())]).named("Refusal")

    /// A body that names every place at fault.
    static let issuesSchema = Schema.object([.required("detail", .array(of: ValidationIssue.schema))]).named("Faults")
}

extension ValidationIssue {
    fileprivate static let schema = Schema.object([
        .required("type", .string(), "The kind of fault."),
        .required("loc", .array(of: .any(of: [.string(), .count])), "The place, from the outside in."),
        .required("msg", .string(), "The fault in words."),
        .required("input", .anything, "What stands at the place; null for what holds other values."),
    ]).named("Fault")
}
