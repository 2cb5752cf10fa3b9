import Foundation
import ScanModel
import UUIDText

/// Names of Tasker's keys. The scripts build the same names from the same prefix; nothing else knows them.
enum Key {
    static let prefix = "tasker:"
    /// hash: holder, epoch, renewals.
    static let lock = prefix + "lock"
    /// hash: id, the highest epoch ever handed out, and a field for each installation that was given up for this one.
    static let installation = prefix + "installation"
    /// The field of an installation that was given up.
    static func acceptance(of installation: String) -> String { "replaces:" + installation }
    /// number of writes by scripts so far.
    static let writes = prefix + "writes"
    /// stream of what API replicas want done.
    static let intents = prefix + "intents"
    /// zset of scan ids by time of acceptance.
    static let activeScans = prefix + "scans:active"
    /// zset of ids of scans of which tasks were revoked, by the time of the stop, in ms; for a day.
    static let revokedScans = prefix + "scans:revoked"
    /// set of ids of projects with unconfirmed tasks.
    static let unconfirmedProjects = prefix + "projects:unconfirmed"
    /// zset of worker hosts by the time they were last seen.
    static let workers = prefix + "workers"
    /// string: what a worker host does, as it last said; for 90 s.
    static func workerActivity(_ host: String) -> String { prefix + "worker:\(host)" }

    /// hash: everything about a scan that does not grow with its targets.
    static func scan(_ id: ScanID) -> String { prefix + "scan:\(id)" }
    /// hash: phase, attempt, state, since, worker, host.
    static func target(_ target: Int, of scan: ScanID) -> String { Key.scan(scan) + ":target:\(target)" }
    /// set of target indices.
    static func inFlight(_ id: ScanID) -> String { scan(id) + ":in_flight" }
    /// zset of target indices by the time of the next attempt, in ms.
    static func parked(_ id: ScanID) -> String { scan(id) + ":parked" }
    /// string: the plan's refusals, deflated.
    static func refusals(_ id: ScanID) -> String { scan(id) + ":refusals" }
    /// string: two bits a target, `ScanStore.outcomesPerChunk` targets in each.
    static func outcomes(_ id: ScanID, chunk: Int) -> String { scan(id) + ":outcomes:\(chunk)" }
    /// hash of target index to what is kept of a target that did not end as done.
    static func exceptions(_ id: ScanID) -> String { scan(id) + ":exceptions" }
    /// set of tasks that stops took away, as `target phase attempt`; for a day.
    static func revoked(_ id: ScanID) -> String { scan(id) + ":revoked" }
    /// hash of target index to running target.
    static func running(_ id: ScanID) -> String { scan(id) + ":running" }

    /// set of ids of the project's scans that have not ended.
    static func activeScans(of project: ProjectID) -> String { prefix + "project:\(project):active" }
    /// zset of ids of the project's scans by time of acceptance; the last 1,000.
    static func scans(of project: ProjectID) -> String { prefix + "project:\(project):scans" }
    /// hash of Celery ids of tasks that stops of the project took away and that workers may still run, to their nodes and the
    /// time of their end; for a day.
    static func unconfirmed(of project: String) -> String { prefix + "project:\(project):unconfirmed" }

    /// list of notes on results that were not used, the latest first; the last 1,000.
    static func setAside(of project: ProjectID) -> String { prefix + "project:\(project):set_aside" }
    /// stream of notes on reports that ScanLedger refuses; the last 256.
    static func quarantine(of project: ProjectID) -> String { prefix + "project:\(project):quarantine" }
    /// hash of the stream's entry to the report, deflated; 16 MiB in all.
    static func quarantinedReports(of project: ProjectID) -> String { quarantine(of: project) + ":reports" }
    /// string: why results of the project are not imported; written again for as long as that holds.
    static func sync(of project: ProjectID) -> String { prefix + "project:\(project):sync" }

    /// stream of what was done in the project and by whom; the last 10,000 entries, for 90 days after the last.
    static func audit(of project: ProjectID) -> String { prefix + "project:\(project):audit" }

    /// stream of what those who watch the project are told; the last 2,000, for a day after the last.
    static func events(of project: ProjectID) -> String { prefix + "project:\(project):events" }

    /// string: the answer to a stop, for an hour.
    static func receipt(_ id: String) -> String { prefix + "receipt:\(id)" }

    // MARK: Shared with existing workers, hence without the prefix

    /// hash ip, last_updated, last_seen.
    static func worker(_ host: String) -> String { "worker:\(host)" }
    /// hash ip, ports, and, which workers do not know, project, user and host: from a task's claim until its end. So are
    /// `project:{project}:task_ids`, `user:{user}:task_ids`, `project:{project}:ip:{ip}:task_ids`, all sets, and the string
    /// `lock:project:{project}:ip:{ip}:ports:{ports}`, which only scripts name.
    static func wholeTask(_ id: UUID) -> String { "task:\(id.text):metadata:nmap" }
    /// list of one running target: while a worker has a task.
    static func running(_ id: UUID, on host: String) -> String { "running:task:\(id.text):host:\(host)" }
    /// hash of task id to the number of its nmap process.
    static func processes(on host: String) -> String { "running_tool:nmap:\(host)" }
}

/// Pub/sub channels. Nothing is lost with a message: each only says that something is there to be read.
public enum Channel {
    /// From the leader to API replicas: `planned ID`, `receipt ID`, `ended ID`.
    public static let notify = Key.prefix + "notify"
    /// To coordinators: an intent is there, or the lock is free.
    public static let wake = Key.prefix + "wake"
}
