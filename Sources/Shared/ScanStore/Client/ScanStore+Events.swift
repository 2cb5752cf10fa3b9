import RedisClient
public import ScanModel

/// What happened in a project, as those who watch it are told.
public struct ProjectEvent: Hashable, Sendable {
    /// Its place among the project's events.
    public let id: StreamPosition
    /// What kind it is.
    public let kind: String
    /// A JSON object.
    public let data: String

    /// An event of the given parts.
    public init(id: StreamPosition, kind: String, data: String) {
        self.id = id
        self.kind = kind
        self.data = data
    }
}

/// Which events of a project are kept.
public struct EventHistory: Hashable, Sendable {
    /// The place of the first; nil where there is none.
    public let first: StreamPosition?
    /// The place of the last, before all places where there is none.
    public let last: StreamPosition
    /// Whether the first one is the first that there ever was.
    public let isWhole: Bool

    /// A history of the given parts.
    public init(first: StreamPosition?, last: StreamPosition, isWhole: Bool) {
        self.first = first
        self.last = last
        self.isWhole = isWhole
    }

    /// Whether every event behind a place is still there.
    ///
    /// - Parameter lifetime: for how many milliseconds events are kept behind the last one; an older place may belong to
    ///   events that were forgotten all together.
    public func reaches(back position: StreamPosition, lifetime: UInt64 = ScanStore.eventLifetime) -> Bool {
        guard position <= last else { return false }
        guard let first, position < first else { return true }
        guard isWhole else { return false }
        return position == .beforeAll || first.milliseconds - position.milliseconds <= lifetime
    }
}

extension ScanStore {
    /// How many events of a project are kept.
    static let eventsKept = 2_000
    /// For how many milliseconds behind the last one.
    public static let eventLifetime: UInt64 = 86_400_000
    /// How many events of a project one read takes.
    public static let eventsPerRead = 500

    /// Which events of a project are kept.
    public func eventHistory(of project: ProjectID) async throws(StoreError) -> EventHistory {
        let key = RedisArgument.string(Key.events(of: project))
        let replies = try await execute([
            ["XRANGE", key, "-", "+", "COUNT", "1"], ["XREVRANGE", key, "+", "-", "COUNT", "1"], ["XLEN", key],
        ])
        let ends = replies.prefix(2).map { ProjectEvent.all($0).first?.id }
        return EventHistory(
            first: ends[0],
            last: ends[1] ?? .beforeAll,
            isWhole: (replies[2].number ?? 0) < Self.eventsKept
        )
    }

    /// The events of projects behind a place in each, in order; projects without any are left out.
    public func events(
        after positions: [ProjectID: StreamPosition]
    ) async throws(StoreError) -> [ProjectID: [ProjectEvent]] {
        guard !positions.isEmpty else { return [:] }
        let projects = Array(positions.keys)
        let reply = try await execute(
            RedisCommand(
                "XREAD",
                ["COUNT", .int(Int64(Self.eventsPerRead)), "STREAMS"] + projects.map { .string(Key.events(of: $0)) }
                    + projects.map { .string("\(positions[$0] ?? .beforeAll)") }
            )
        )
        let byKey = Dictionary(uniqueKeysWithValues: projects.map { (Key.events(of: $0), $0) })
        var events: [ProjectID: [ProjectEvent]] = [:]
        for stream in reply.items {
            guard stream.items.count == 2, let project = stream.items[0].text.flatMap({ byKey[$0] }) else {
                throw StoreError(.corrupt, "a project's events cannot be read")
            }
            events[project] = ProjectEvent.all(stream.items[1])
        }
        return events
    }
}

extension ProjectEvent {
    /// The events of a reply. An entry that is none is passed over, so that it does not keep the others from being read.
    fileprivate static func all(_ reply: RedisValue) -> [ProjectEvent] {
        reply.items.compactMap(ProjectEvent.init(_:))
    }

    private init?(_ reply: RedisValue) {
        let parts = reply.items
        guard parts.count == 2, let id = parts[0].text.flatMap(StreamPosition.init(_:)) else { return nil }
        let fields = parts[1].fields
        guard let kind = fields["event"]?.text, let data = fields["data"]?.text else { return nil }
        self.init(id: id, kind: kind, data: data)
    }
}
