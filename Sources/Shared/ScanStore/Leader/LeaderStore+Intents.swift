import RedisClient
public import ScanModel

/// What an API replica wants done, in the order of arrival.
public struct Intent: Sendable {
    /// What it is.
    public enum Kind: Sendable, Hashable {
        /// Plan and run a scan.
        case start(ScanID)
        /// Stop these scans of the project, and write a receipt under this id.
        case stop([ScanID], receipt: String)
        /// Look which of the project's scans are paused.
        case pace
    }

    /// Its place in the stream.
    public let entry: String
    /// The project it is about.
    public let project: ProjectID
    /// What it is.
    public let kind: Kind
}

extension LeaderStore {
    /// The oldest intents that are not finished, and ids of entries nobody can read.
    public func intents(limit: Int) async throws(StoreError) -> (intents: [Intent], unreadable: [String]) {
        let reply = try await read([
            ["XRANGE", .string(Key.intents), "-", "+", "COUNT", .int(Int64(limit))]
        ])
        var intents: [Intent] = []
        var unreadable: [String] = []
        for entry in reply[0].items {
            guard entry.items.count == 2, let id = entry.items[0].text else { continue }
            let fields = entry.items[1].fields.compactMapValues(\.text)
            if let intent = Intent(entry: id, fields: fields) {
                intents.append(intent)
            } else {
                unreadable.append(id)
            }
        }
        return (intents, unreadable)
    }

    /// Takes an intent out of the stream, after it was carried out.
    public func finishIntent(_ entry: String) async throws(StoreError) {
        _ = try await write(Script.finishIntent, [.string(entry)])
    }

    /// Which of a project's scans are paused. A pause that comes later makes an intent of its own.
    public func pausedScans(of project: ProjectID) async throws(StoreError) -> Set<ScanID> {
        let reply = try await write(Script.readPaused, [.string("\(project)")])
        return Set(reply.items.compactMap { $0.text.flatMap(ScanID.init(_:)) })
    }

    /// Pauses a scan as a user would, and shows why until somebody resumes it.
    ///
    /// - Returns: false where the scan does not run or is paused already.
    public func pause(_ scan: ScanID, because text: String) async throws(StoreError) -> Bool {
        try await write(Script.pauseFailing, scan, [.string(text)]).number == 1
    }

    /// Answers a stop, and wakes the replicas that wait for it.
    public func writeReceipt(
        _ receipt: StopReceipt,
        id: String,
        of project: ProjectID
    ) async throws(StoreError) {
        _ = try await write(Script.writeReceipt, [.string(id), .bytes(try storedJSON(receipt)), .string("\(project)")])
    }
}

extension Intent {
    fileprivate init?(entry: String, fields: [String: String]) {
        guard let project = fields["project"].flatMap(ProjectID.init(_:)) else { return nil }
        switch fields["kind"] {
        case "start":
            guard let scan = fields["scan"].flatMap(ScanID.init(_:)) else { return nil }
            self.init(entry: entry, project: project, kind: .start(scan))
        case "pace":
            self.init(entry: entry, project: project, kind: .pace)
        case "stop":
            guard let receipt = fields["receipt"] else { return nil }
            let scans = (fields["scans"] ?? "").split(separator: " ").compactMap { ScanID(String($0)) }
            self.init(entry: entry, project: project, kind: .stop(scans, receipt: receipt))
        default:
            return nil
        }
    }
}
