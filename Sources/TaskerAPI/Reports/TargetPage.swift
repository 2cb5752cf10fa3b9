import ScanModel
import ScanStore

/// Some entries of a report, and where to go on.
struct TargetPage: Sendable {
    /// How many chunks of outcomes one page looks at. Past that it ends early: what is asked for may be rare in a large plan.
    static let chunkLimit = 32

    /// The entries, in the report's order.
    private(set) var entries: [ReportEntry] = []
    /// The place to go on from; nil where there are no more.
    private(set) var next: UInt64?

    /// Reads a page. It may have fewer entries than asked for, or none, although there are more; `next` says so.
    static func read(
        _ query: TargetQuery,
        of layout: ReportLayout,
        at moment: ScanMoment,
        from store: any ScanKeeping
    ) async throws -> TargetPage {
        var page = TargetPage()
        let planned = UInt64(layout.report.plan.count)
        let end = query.standings.contains(.refused) ? layout.end : planned
        var found: [Found] = []
        var place = query.standings == [.refused] ? max(query.first, planned) : query.first
        for _ in 0..<chunkLimit where place < planned && found.count < query.limit {
            let chunk = Int(place) / ScanStore.outcomesPerChunk
            let outcomes = try await store.outcomes(of: layout.report.id, chunk: chunk)
            let standings = layout.report.standings(inChunk: chunk, outcomes: outcomes, at: moment)
            place = take(standings, ofChunk: chunk, from: place, query, into: &found)
        }
        let remarks = try await store.remarks(of: layout.report.id, on: found.map(\.target))
        page.entries = found.map { target, standing in
            layout.target(at: layout.report.plan.address(of: target), standing, remarks[target])
        }
        if place >= planned, place < end {
            place += page.take(layout.refusedAddresses(from: place), query)
            place += page.take(layout.unresolvableNames(from: place), query)
        }
        page.next = place < end ? place : nil
        return page
    }

    private typealias Found = (target: Int, standing: TargetStanding)

    /// Takes the targets of a chunk that are asked for.
    ///
    /// - Returns: the place after the last one looked at.
    private static func take(
        _ standings: [TargetStanding],
        ofChunk chunk: Int,
        from place: UInt64,
        _ query: TargetQuery,
        into found: inout [Found]
    ) -> UInt64 {
        let first = chunk * ScanStore.outcomesPerChunk
        for target in Int(place)..<(first + standings.count) {
            let standing = standings[target - first]
            guard query.standings.contains(standing) else { continue }
            found.append((target, standing))
            if found.count == query.limit { return UInt64(target) + 1 }
        }
        return UInt64(first + standings.count)
    }

    /// Takes as many entries as there is room for.
    ///
    /// - Returns: how many.
    private mutating func take(_ found: some Sequence<ReportEntry>, _ query: TargetQuery) -> UInt64 {
        let before = entries.count
        entries += found.prefix(query.limit - before)
        return UInt64(entries.count - before)
    }
}

extension TargetPage {
    /// The page as JSON: entries as in the report's lines, and the place as a text that callers give back as it is.
    var json: [UInt8] {
        var bytes: [UInt8] = []
        bytes.append(literal: #"{"targets":["#)
        for (index, entry) in entries.enumerated() {
            if index > 0 { bytes.append(UInt8(ascii: ",")) }
            entry.append(to: &bytes)
        }
        bytes.append(literal: #"],"next":"#)
        if let next {
            bytes.append(json: "\(next)")
        } else {
            bytes.append(literal: "null")
        }
        bytes.append(UInt8(ascii: "}"))
        return bytes
    }
}

extension TargetPage {
    static let schema = Schema.object([
        .required("targets", .array(of: ReportEntry.schema)),
        .required(
            "next",
            Schema.string().orNull,
            "What to give as `after` for the next page; null where there is none."
        ),
    ]).named("TargetPage")
}
