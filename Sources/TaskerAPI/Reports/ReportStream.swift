import ScanStore

/// Writes a report from its first to its last line, in memory that does not grow with them.
struct ReportStream: Sendable {
    let layout: ReportLayout
    let store: any ScanKeeping

    /// Writes all lines.
    ///
    /// - Throws: where the store does not answer, or the caller has gone. The body is not ended then, so that nobody takes
    ///   what was written for all of it.
    func write(to output: inout BlockWriter) async throws {
        for chunk in 0..<layout.report.chunks {
            let outcomes = try await store.outcomes(of: layout.report.id, chunk: chunk)
            try await output.write(layout.targets(inChunk: chunk, outcomes: outcomes))
        }
        try await output.write(layout.refusedAddresses(from: 0))
        try await output.write(layout.unresolvableNames(from: 0))
        try await output.finish()
    }
}
