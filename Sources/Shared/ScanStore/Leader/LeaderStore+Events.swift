import RedisClient
public import ScanModel

/// A target whose findings ScanLedger has, as those who watch the project are told of it.
public struct FoundTarget: Hashable, Sendable, Encodable {
    /// The most names that are told.
    public static let namesTold = 8

    /// The address.
    public let ip: String
    /// The first of the user's names for it.
    public let hostnames: [String]
    /// How many of its ports are open.
    public let openPorts: Int

    /// A target with findings.
    public init(ip: String, hostnames: [String], openPorts: Int) {
        self.ip = ip
        self.hostnames = Array(hostnames.prefix(Self.namesTold))
        self.openPorts = openPorts
    }

    private enum CodingKeys: String, CodingKey {
        case ip, hostnames
        case openPorts = "open_ports"
    }
}

/// How many targets of a scan have an outcome, and whether more are coming.
public struct ScanStanding: Hashable, Sendable {
    /// Targets with an outcome.
    public let finished: Int
    /// Targets without.
    public let open: Int
    /// Targets are being dispatched: the scan has its plan, and is neither paused nor being stopped.
    public let isRunning: Bool

    /// A standing of the given parts.
    public init(finished: Int, open: Int, isRunning: Bool) {
        self.finished = finished
        self.open = open
        self.isRunning = isRunning
    }
}

extension LeaderStore {
    /// Of how many scans of a project one event tells.
    private static let scansTold = 50

    /// Tells those who watch projects how far scans have come, where that has changed since they were told.
    ///
    /// - Parameter scans: scans, and in how many seconds they end; nil where that is not known.
    /// - Returns: how they stand, in the same order.
    public func tellProgress(
        of scans: [(id: ScanID, secondsLeft: Int?)]
    ) async throws(StoreError) -> [ScanStanding] {
        let arguments = scans.flatMap { scan -> [RedisArgument] in
            [.string("\(scan.id)"), .string(scan.secondsLeft.map { "\($0)" } ?? "")]
        }
        let reply = try await write(Script.tellProgress, [.int(Int64(Self.scansTold))] + arguments)
        let numbers = reply.items.compactMap(\.number)
        guard numbers.count == 3 * scans.count else { throw StoreError(.corrupt, "the scans' standing cannot be read") }
        return scans.indices.map {
            ScanStanding(finished: numbers[3 * $0], open: numbers[3 * $0 + 1], isRunning: numbers[3 * $0 + 2] == 1)
        }
    }

    /// Tells projects that a worker is gone.
    public func tell(_ projects: Set<ProjectID>, lost worker: String) async throws(StoreError) {
        guard !projects.isEmpty else { return }
        let text = RedisArgument.bytes(try storedJSON(["worker": worker]))
        _ = try await write(Script.tellWorkerLost, [text] + projects.map { .string("\($0)") })
    }

    /// The last argument of a settlement: what to tell of its findings, or nothing.
    func foundArgument(of settlement: Settlement) throws(StoreError) -> RedisArgument {
        guard let found = settlement.found else { return "" }
        return .bytes(try storedJSON(found))
    }
}
