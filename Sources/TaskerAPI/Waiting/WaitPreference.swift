import Foundation
import HTTPTypes

/// How long a caller is willing to wait, as it says in `Prefer` (RFC 7240, sections 4.1 and 4.3).
struct WaitPreference: Hashable, Sendable {
    /// The longest wait: falcli gives up, and asks again, after 60 s.
    static let maximum = Duration.seconds(55)

    /// How long to wait.
    let duration: Duration
    /// What to say in `Preference-Applied`; nil where nothing was preferred.
    let applied: String?

    /// Reads the header fields of a request. What cannot be understood is not there, as the RFC has it; of preferences
    /// given twice the first counts.
    ///
    /// - Parameter defaultWait: how long to wait where the caller does not say.
    init(_ headers: HTTPFields, defaultWait: Duration) {
        var wait: Int64?
        var respondsAsync = false
        for preference in headers[values: .prefer].flatMap({ $0.split(separator: ",") }) {
            let token = preference.split(separator: ";", omittingEmptySubsequences: false)[0]
            let parts = token.split(separator: "=", maxSplits: 1).map {
                $0.trimmingCharacters(in: .whitespaces).lowercased()
            }
            switch (parts.first, parts.dropFirst().first) {
            case ("respond-async", _): respondsAsync = true
            case ("wait", let text?):
                let digits = text.hasPrefix("\"") && text.hasSuffix("\"") ? String(text.dropFirst().dropLast()) : text
                if wait == nil, let seconds = Int64(digits), seconds >= 0 {
                    wait = min(seconds, Self.maximum.components.seconds)
                }
            default: break
            }
        }
        duration = wait.map { .seconds($0) } ?? (respondsAsync ? .zero : min(defaultWait, Self.maximum))
        let names = (respondsAsync ? ["respond-async"] : []) + (wait.map { ["wait=\($0)"] } ?? [])
        applied = names.isEmpty ? nil : names.joined(separator: ", ")
    }
}

extension HTTPField.Name {
    static let prefer = HTTPField.Name("Prefer")!
    static let preferenceApplied = HTTPField.Name("Preference-Applied")!
}

extension Operation.Parameter {
    static let prefer = Operation.Parameter(
        name: HTTPField.Name.prefer.rawName,
        place: .header,
        schema: .string().example("wait=5"),
        description:
            "How long to wait for the plan: `wait=SECONDS`, or `respond-async`. What is not understood is not there."
    )
}
