import ScanStore

/// The answer of the workers route: workers by host.
struct WorkersAnswer: Encodable {
    struct Worker: Encodable {
        let ip: String
        let lastUpdated: Int
        let lastSeen: Int

        private enum CodingKeys: String, CodingKey {
            case ip
            case lastUpdated = "last_updated"
            case lastSeen = "last_seen"
        }
    }

    let workers: [String: Worker]

    init(_ records: [ScanStore.WorkerRecord]) {
        let pairs = records.map { record in
            (record.host, Worker(ip: record.ip, lastUpdated: record.lastUpdated, lastSeen: record.lastSeen))
        }
        workers = Dictionary(pairs) { _, latest in latest }
    }
}

extension WorkersAnswer {
    static let schema = Schema.object([.required("workers", .map(of: Worker.schema), "Workers by host.")])
        .named("Workers")
}

extension WorkersAnswer.Worker {
    fileprivate static let schema = Schema.object([
        .required("ip", .string(), "The address that it scans from."),
        .required("last_updated", .count, "Unix time in seconds."),
        .required("last_seen", .count, "Unix time in seconds."),
    ])
}
