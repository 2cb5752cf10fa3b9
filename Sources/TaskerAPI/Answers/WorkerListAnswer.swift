import ScanModel
import ScanStore

/// The answer of `GET /workers`: the worker hosts of the last 90 s, by name.
struct WorkerListAnswer: Encodable {
    /// What a host is about.
    enum State: String, Encodable, CaseIterable {
        case busy, idle
        /// It was not heard of for a while, and may be gone.
        case silent
    }

    struct Worker: Encodable {
        let host: String
        let ip: String
        let state: State
        /// Whose scan tasks it takes: `coordinator`, `worker`, or none.
        let takes: [PhaseChaining]
        let slots: Int?
        let activeTasks: Int
        let processed: Int
        let load: [Double]
        let software: String
        let lastUpdated: Int
        let lastSeen: Int

        private enum CodingKeys: String, CodingKey {
            case host, ip, state, takes, slots, processed, load, software
            case activeTasks = "active_tasks"
            case lastUpdated = "last_updated"
            case lastSeen = "last_seen"
        }

        init(_ record: ScanStore.WorkerRecord, now: Int) {
            host = record.host
            ip = record.ip
            takes = record.activity?.takes ?? []
            slots = record.activity?.slots
            activeTasks = record.activity?.active ?? 0
            processed = record.activity?.processed ?? 0
            load = record.activity?.load ?? []
            software = record.activity?.software ?? ""
            lastUpdated = record.lastUpdated
            lastSeen = record.lastSeen
            state = now - lastSeen > WorkerListAnswer.silence ? .silent : activeTasks > 0 ? .busy : .idle
        }
    }

    /// Heartbeats come every 2 s; a host that was not heard of for longer than this, in seconds, is silent.
    private static let silence = 20

    let workers: [Worker]

    init(_ records: [ScanStore.WorkerRecord], now: Int) {
        workers = records.map { Worker($0, now: now) }
    }
}

extension WorkerListAnswer {
    static let schema = Schema.object([.required("workers", .array(of: Worker.schema), "By the names of their hosts.")])
        .named("WorkerList")
}

extension WorkerListAnswer.Worker {
    fileprivate static let schema = Schema.object([
        .required("host", .string()),
        .required("ip", .string(), "The address that it scans from, or `unknown`."),
        .required("state", .choice(of: WorkerListAnswer.State.self), "`silent`: not heard of for 20 s."),
        .required("takes", .array(of: .choice(of: PhaseChaining.self)), "Whose scan tasks, by who chains the phases."),
        .optional("slots", .count, "Tasks that it runs at once, once it was asked."),
        .required("active_tasks", .count),
        .required("processed", .count, "Tasks since its start."),
        .required("load", .array(of: .number), "Load averages over 1, 5 and 15 minutes."),
        .required("software", .string()),
        .required("last_updated", .count, "Unix time of its word on its address, in seconds."),
        .required("last_seen", .count, "Unix time in seconds."),
    ])
}
