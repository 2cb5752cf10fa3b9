import ScanModel

extension ScanKeeping {
    /// The report of a scan.
    ///
    /// - Throws: 404 where the project has no such scan, 409 where the scan has no plan.
    func reportLayout(of id: ScanID, in project: ProjectID) async throws -> ReportLayout {
        if let report = try await report(of: id, in: project) { return ReportLayout(report) }
        guard let progress = try await progress(of: id, in: project) else { throw APIError.unknownScan }
        throw APIError.noPlan(progress)
    }
}
