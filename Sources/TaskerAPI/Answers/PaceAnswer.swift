import ScanModel
import ScanStore

/// The answer of the routes that pause and resume.
struct PaceAnswer: Encodable {
    /// `paused`, `resumed`, or `no_tasks` where nothing was active.
    let status: String
    /// The scans that it is about.
    let scans: [ScanID]

    init(_ pace: ScanStore.Pace, scans: [ScanID]) {
        self.scans = scans
        status =
            switch pace {
            case _ where scans.isEmpty: "no_tasks"
            case .paused: "paused"
            case .running: "resumed"
            }
    }
}

extension PaceAnswer {
    static let schema = Schema.object([
        .required("status", .choice(["paused", "resumed", "no_tasks"])),
        .required("scans", .array(of: .uuid)),
    ]).named("Pace")
}
