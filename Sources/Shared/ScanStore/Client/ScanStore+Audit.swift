import RedisClient
public import ScanModel

/// What somebody did in a project.
public struct AuditEntry: Hashable, Sendable {
    /// What it was.
    public enum Action: String, CaseIterable, Hashable, Sendable {
        /// A scan was accepted.
        case start
        /// A scan was accepted that takes up what came to nothing in an earlier one.
        case requeue
        /// Scans were stopped.
        case stop
        /// Scans were paused that were not.
        case pause
        /// Scans went on that were paused.
        case resume
    }

    /// Its place in the project's audit.
    public let id: StreamPosition
    /// What was done.
    public let action: Action
    /// Who did it.
    public let requester: Requester
    /// The first scans that it was done to, 32 at most.
    public let scans: [ScanID]
    /// How many scans it was done to.
    public let scanCount: Int
    /// How many entries the request's list of hosts had; nil where there was no such list.
    public let hosts: Int?
    /// The scan that was taken up again.
    public let requeues: ScanID?

    /// When, in Unix time in milliseconds.
    public var milliseconds: Int { Int(clamping: id.milliseconds) }

    /// An entry of the given parts.
    public init(
        id: StreamPosition,
        action: Action,
        requester: Requester,
        scans: [ScanID],
        scanCount: Int,
        hosts: Int? = nil,
        requeues: ScanID? = nil
    ) {
        self.id = id
        self.action = action
        self.requester = requester
        self.scans = scans
        self.scanCount = scanCount
        self.hosts = hosts
        self.requeues = requeues
    }
}

extension ScanStore {
    /// Who did what in a project, latest first. Scripts write it together with what they do; nobody changes it. The last
    /// 10,000 entries are kept, until 90 days have passed without one.
    ///
    /// - Parameters:
    ///   - limit: how many entries at most.
    ///   - after: the id of an entry; only earlier ones are read.
    public func audit(
        of project: ProjectID,
        limit: Int,
        after: StreamPosition? = nil
    ) async throws(StoreError) -> [AuditEntry] {
        guard let latest = after.map({ $0.predecessor }) ?? .some(.last) else { return [] }
        let reply = try await execute([
            "XREVRANGE", .string(Key.audit(of: project)), .string("\(latest)"), "-", "COUNT", .int(Int64(limit)),
        ])
        var entries: [AuditEntry] = []
        for item in reply.items {
            guard let entry = AuditEntry(item) else { throw StoreError(.corrupt, "an audit entry cannot be read") }
            entries.append(entry)
        }
        return entries
    }
}

extension AuditEntry {
    fileprivate init?(_ reply: RedisValue) {
        let parts = reply.items
        guard parts.count == 2, let id = parts[0].text.flatMap(StreamPosition.init(_:)) else { return nil }
        let fields = parts[1].fields.compactMapValues(\.text)
        guard let action = fields["action"].flatMap(Action.init(rawValue:)), let caller = fields["caller"],
            let request = fields["request"], let count = fields["count"].flatMap({ Int($0) })
        else { return nil }
        let address = fields["address"].flatMap { $0.isEmpty ? nil : $0 }
        self.init(
            id: id,
            action: action,
            requester: Requester(caller: caller, address: address, request: request),
            scans: (fields["scans"] ?? "").split(separator: " ").compactMap { ScanID(String($0)) },
            scanCount: count,
            hosts: fields["hosts"].flatMap { Int($0) },
            requeues: fields["requeues"].flatMap { ScanID($0) }
        )
    }
}
