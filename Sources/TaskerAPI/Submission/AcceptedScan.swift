import HTTPTypes
import ScanModel

/// A scan that the store has accepted.
struct AcceptedScan: Sendable {
    let id: ScanID
    let project: ProjectID
    /// Whether it was accepted before, for the same request under the same key.
    let isReplay: Bool

    /// Where the scan is to be seen.
    var location: String { "/tasks/\(project)/scans/\(id)" }
    /// Where its report is.
    var report: String { location + "/report" }

    /// What every answer about its acceptance says.
    var headers: HTTPFields {
        var headers: HTTPFields = [.location: location]
        if isReplay { headers[.idempotencyReplayed] = "true" }
        return headers
    }
}
