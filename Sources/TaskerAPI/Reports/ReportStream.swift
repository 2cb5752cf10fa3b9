import ScanStore

/// Writes a report from its first to its last line, in memory that does not grow with them.
struct ReportStream: Sendable {
    let layout: ReportLayout
    let moment: ScanMoment
    let remarks: [Int: ScanReport.Remark]
    let store: any ScanKeeping

    /// Writes all lines.
    ///
    /// - Throws: where the store does not answer, or the caller has gone or takes nothing. The body is not ended then, so that
    ///   nobody takes what was written for all of it.
    func write(to output: inout BlockWriter) async throws {
        for chunk in 0..<layout.report.chunks {
            let outcomes = try await store.outcomes(of: layout.report.id, chunk: chunk)
            let standings = layout.report.standings(inChunk: chunk, outcomes: outcomes, at: moment)
            try await output.write(layout.targets(inChunk: chunk, standings, remarks: remarks))
        }
        try await output.write(layout.refusedAddresses(from: 0))
        try await output.write(layout.unresolvableNames(from: 0))
        try await output.finish()
    }
}
