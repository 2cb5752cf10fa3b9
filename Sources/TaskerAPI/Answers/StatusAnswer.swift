import ScanModel
import ScanStore

/// The answer of the status route. falcli stops watching when `active_or_queued` is 0.
struct StatusAnswer: Encodable {
    let activeOrQueued: Int
    let running: Int
    let runningTargets: [RunningTarget]

    init(_ status: ScanStore.ProjectStatus) {
        activeOrQueued = status.activeOrQueued
        running = status.running.count
        runningTargets = status.running
    }

    private enum CodingKeys: String, CodingKey {
        case activeOrQueued = "active_or_queued"
        case running
        case runningTargets = "running_targets"
    }
}
