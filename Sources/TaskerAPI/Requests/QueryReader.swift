import Hummingbird
import HummingbirdCore
import ScanStore

/// Reads the parameters of a query, and reports what is wrong with each under its name.
struct QueryReader {
    private let parameters: FlatDictionary<Substring, Substring>
    private let issues = IssueCollector()

    init(_ request: Request) {
        parameters = request.uri.queryParameters
    }

    /// Throws a 422 where something was wrong.
    func finish() throws(APIError) {
        guard issues.issues.isEmpty else { throw .invalid(issues.issues) }
    }

    /// A whole number within bounds; nil where it is not there.
    func integer<Number: FixedWidthInteger>(_ name: String, in bounds: ClosedRange<Number>) -> Number? {
        guard let text = parameters[name[...]] else { return nil }
        guard let number = Number(text), bounds.contains(number) else {
            let message = "Input should be from \(bounds.lowerBound) to \(bounds.upperBound)"
            issues.add("int_parsing", at: ["query", .name(name)], message, input: .string(String(text)))
            return nil
        }
        return number
    }

    /// The place of an entry; nil where it is not there.
    func position(_ name: String) -> StreamPosition? {
        guard let text = parameters[name[...]].map(String.init) else { return nil }
        guard let position = StreamPosition(text) else {
            let message = "Input should be what `next` of an earlier answer was"
            issues.add("string_pattern_mismatch", at: ["query", .name(name)], message, input: .string(text))
            return nil
        }
        return position
    }

    /// Values of a type, from every occurrence of the parameter and separated by commas in each; nil where it is not there.
    func choices<Choice: RawRepresentable<String> & CaseIterable & Hashable>(
        _ name: String,
        of type: Choice.Type
    ) -> Set<Choice>? {
        let values = parameters[values: name[...]]
        guard !values.isEmpty else { return nil }
        var choices: Set<Choice> = []
        for text in values.flatMap({ $0.split(separator: ",", omittingEmptySubsequences: false) }) {
            if let choice = Choice(rawValue: String(text)) {
                choices.insert(choice)
            } else {
                let message = "Input should be \(Choice.alternatives)"
                issues.add("enum", at: ["query", .name(name)], message, input: .string(String(text)))
            }
        }
        return choices
    }
}

extension RawRepresentable<String> where Self: CaseIterable {
    /// The values in words: `'a', 'b' or 'c'`.
    static var alternatives: String {
        let names = allCases.map { "'\($0.rawValue)'" }
        return names.dropLast().joined(separator: ", ") + " or " + (names.last ?? "")
    }
}
