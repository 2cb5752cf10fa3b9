import ScanModel

extension ScanKeeping {
    /// What the report of a scan is made of.
    ///
    /// - Throws: 404 where the project has no such scan, 409 where the scan has no plan.
    func reportLayout(of id: ScanID, in project: ProjectID) async throws -> ReportLayout {
        guard let report = try await report(of: id, in: project) else {
            throw try await whyNoReport(of: id, in: project)
        }
        return ReportLayout(report)
    }

    /// What to say of a scan that has no report.
    func whyNoReport(of id: ScanID, in project: ProjectID) async throws -> APIError {
        try await progress(of: id, in: project).map(APIError.noPlan) ?? .unknownScan
    }
}
