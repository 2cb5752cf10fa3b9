import Hummingbird
import ScanModel

/// Which entries of a report are asked for.
struct TargetQuery: Sendable {
    /// How many entries a page may have, and has where nobody says.
    static let limitBounds = 1...1_000
    static let standardLimit = 100

    /// Where they stand.
    var standings = Set(TargetStanding.allCases)
    /// How many at most.
    var limit = standardLimit
    /// The place of the first to be looked at.
    var first: UInt64 = 0
}

extension TargetQuery {
    /// Reads `outcome`, `limit` and `after`.
    ///
    /// - Throws: a 422 that names every parameter at fault.
    init(_ request: Request) throws(APIError) {
        let query = QueryReader(request)
        standings = query.choices("outcome", of: TargetStanding.self) ?? standings
        limit = query.integer("limit", in: Self.limitBounds) ?? limit
        first = query.integer("after", in: 0...UInt64.max) ?? first
        try query.finish()
    }
}

extension TargetQuery {
    static let parameters = [
        Operation.Parameter(
            name: "outcome",
            place: .query,
            schema: .array(of: .choice(of: TargetStanding.self)),
            description: "Only these; repeated, or with commas in between."
        ),
        Operation.Parameter(
            name: "limit",
            place: .query,
            schema: .integer(in: limitBounds).defaulting(to: .integer(standardLimit)),
            description: "How many at most."
        ),
        Operation.Parameter(
            name: "after",
            place: .query,
            schema: .string(pattern: "^[0-9]{1,19}$"),
            description: "`next` of the page before."
        ),
    ]
}
