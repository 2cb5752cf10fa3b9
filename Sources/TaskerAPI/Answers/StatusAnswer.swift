import ScanModel
import ScanStore

/// The answer of the status route. falcli stops watching when `active_or_queued` is 0.
struct StatusAnswer: Encodable {
    let activeOrQueued: Int
    let running: Int
    let runningTargets: [RunningTarget]
    /// Only there where something is wrong; the original has no such field.
    let detail: String?

    init(_ status: ScanStore.ProjectStatus) {
        activeOrQueued = status.activeOrQueued
        running = status.running.count
        runningTargets = status.running
        detail = status.detail
    }

    private enum CodingKeys: String, CodingKey {
        case activeOrQueued = "active_or_queued"
        case running, detail
        case runningTargets = "running_targets"
    }
}

extension StatusAnswer {
    static let schema = Schema.object([
        .required("active_or_queued", .count, "Targets without an outcome; not 0 while a scan is active."),
        .required("running", .count, "Targets that workers are busy with."),
        .required("running_targets", .array(of: RunningTarget.schema)),
        .optional("detail", .string(), "Why results are not imported; only there where something is wrong."),
    ]).named("Status")
}

extension RunningTarget {
    fileprivate static let schema = Schema.object([
        .required("ip", .string()), .required("hostnames", .array(of: .string())), .required("worker", .string()),
        .required("started_at", .count, "Unix time in seconds."), .required("phase", .choice(of: Phase.self)),
    ])
}
