import HTTPTransport
public import ScanModel

extension LedgerClient {
    /// Imports an nmap report of one or more hosts.
    ///
    /// ScanLedger has no idempotency key. After an error that `mayHaveBeenApplied`, read the hosts back before importing
    /// again.
    ///
    /// - Parameters:
    ///   - xml: a whole report, whose `args` hold for all of its hosts.
    ///   - mode: how it merges with what is there.
    ///   - trackHistory: whether changes are recorded.
    public func importReport(
        _ xml: [UInt8],
        into project: ProjectID,
        mode: ImportMode,
        trackHistory: Bool
    ) async throws(LedgerError) {
        var call = call(
            .post,
            "/projects/\(project)/ips/import?mode=\(mode.rawValue)&track_history=\(trackHistory)",
            deadline: Deadline.write
        )
        call.body = .multipart([
            .init(name: "file", fileName: "report.xml", contentType: "application/xml", content: xml)
        ])
        _ = try await send(call)
    }
}
