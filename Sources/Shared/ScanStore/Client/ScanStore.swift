public import Foundation
public import RedisClient
public import ScanModel
import UUIDText

/// What an API replica does with Redis: writes intents, reads progress. It holds no state.
public struct ScanStore: Sendable {
    /// How many scans of a project may be active at once.
    public static let activeScansPerProject = 1_000

    let connection: StoreConnection
    let nowInSeconds: @Sendable () -> Int

    /// A store in the given Redis.
    ///
    /// - Parameters:
    ///   - witness: the process' own, to which every answer is shown.
    ///   - nowInSeconds: Unix time, to be compared with what the leader wrote about workers.
    public init(
        redis: RedisClient,
        witness: StoreWitness = StoreWitness(),
        nowInSeconds: @escaping @Sendable () -> Int = { Int(Date().timeIntervalSince1970) }
    ) {
        connection = StoreConnection(redis: redis, witness: witness)
        self.nowInSeconds = nowInSeconds
    }

    /// Accepts a scan. Once this returns, Redis has the request and the coordinator will plan it.
    ///
    /// - Parameters:
    ///   - requester: who asked.
    ///   - idempotencyKey: the caller's, of any length; kept as a hash. Under the same key the same request gets the scan that was accepted
    ///     first; another request is a `conflict`. Keys are the project's own and are kept for a day.
    ///   - milliseconds: Unix time of acceptance.
    /// - Returns: the scan's id: the given one, or that of the earlier scan.
    public func submit(
        _ request: ScanRequest,
        as id: ScanID,
        for project: ProjectID,
        by requester: Requester,
        idempotencyKey: String? = nil,
        atMilliseconds milliseconds: Int
    ) async throws(StoreError) -> ScanID {
        let body = try storedJSON(request)
        let reply = try await connection.evaluate(
            Script.submitScan,
            keys: [],
            [
                .string("\(id)"), .string("\(project)"), .bytes(body), .int(Int64(milliseconds)),
                .int(Int64(Self.activeScansPerProject)),
                .string(idempotencyKey.map { Fingerprint.text(of: Array($0.utf8)) } ?? ""),
                .string(idempotencyKey == nil ? "" : Fingerprint.text(of: body)),
            ] + requester.arguments + [
                .int(Int64(request.hosts.count)), .string(request.requeues.map { "\($0.scan)" } ?? ""),
                .string(requester.traceparent ?? ""),
            ]
        )
        guard let accepted = reply.text.flatMap(ScanID.init(_:)) else {
            throw StoreError(.corrupt, "the scan's id cannot be read")
        }
        return accepted
    }

    /// Pauses or resumes a project's scans, or one of them: of a paused scan no target is dispatched.
    ///
    /// - Returns: the active scans that it is about.
    public func pace(
        _ pace: Pace,
        project: ProjectID,
        scan: ScanID? = nil,
        by requester: Requester
    ) async throws(StoreError) -> [ScanID] {
        let reply = try await connection.evaluate(
            Script.paceScans,
            keys: [],
            [.string("\(project)"), .string(scan.map { "\($0)" } ?? ""), .string(pace == .paused ? "1" : "0")]
                + requester.arguments
        )
        return reply.items.compactMap { $0.text.flatMap(ScanID.init(_:)) }.sorted()
    }

    /// Whether targets of a scan are dispatched.
    public enum Pace: String, Hashable, Sendable {
        /// Nothing is dispatched until somebody resumes the scan.
        case paused
        /// Targets are dispatched.
        case running
    }

    /// What was asked for by a scan; nil where the project has no such scan.
    public func request(of id: ScanID, in project: ProjectID) async throws(StoreError) -> ScanRequest? {
        let items = try await execute(["HMGET", .string(Key.scan(id)), "project", "request"]).items
        guard items.count == 2, items[0].text == "\(project)" else { return nil }
        return try ["request": items[1]].decode(ScanRequest.self, "request")
    }

    /// Stops a project's scans: from here on none of their targets is dispatched. The coordinator revokes what workers
    /// hold and writes a receipt under `receipt`.
    ///
    /// - Returns: the scans being stopped; none where only what earlier stops took away is looked for again; nil where there
    ///   is nothing of either, and then no receipt will come.
    public func requestStop(
        of project: ProjectID,
        receipt: UUID,
        by requester: Requester
    ) async throws(StoreError) -> [ScanID]? {
        let reply = try await connection.evaluate(
            Script.requestStop,
            keys: [],
            [.string("\(project)"), .string(receipt.text)] + requester.arguments
        )
        if case .null = reply { return nil }
        return reply.items.compactMap { $0.text.flatMap(ScanID.init(_:)) }
    }

    /// The receipt of a stop, once the coordinator has written it.
    public func receipt(_ id: UUID) async throws(StoreError) -> StopReceipt? {
        let reply = try await execute(["GET", .string(Key.receipt(id.text))])
        guard reply.bytes != nil else { return nil }
        return try ["receipt": reply].decode(StopReceipt.self, "receipt")
    }

    /// The coordinator's answer to the request, once there is a plan; nil while planning. `ended` says that the scan was
    /// stopped, or could not be planned, before there was one.
    public func answer(for id: ScanID) async throws(StoreError) -> (answer: PlanAnswer?, state: ScanState?) {
        let reply = try await execute(["HMGET", .string(Key.scan(id)), "answer", "state"])
        let items = reply.items
        guard items.count == 2 else { throw StoreError(.corrupt, "the scan's record cannot be read") }
        let state = items[1].text.flatMap(ScanState.init(rawValue:))
        guard items[0].bytes != nil else { return (nil, state) }
        return (try ["answer": items[0]].decode(PlanAnswer.self, "answer"), state)
    }

    /// Looks whether Redis is there and holds what it held.
    ///
    /// - Throws: `foreignInstallation` where it holds another installation's data, or none.
    public func ping() async throws(StoreError) {
        try await connection.look()
    }

    func execute(_ command: RedisCommand) async throws(StoreError) -> RedisValue {
        try await connection.execute(command)
    }

    func execute(_ commands: [RedisCommand]) async throws(StoreError) -> [RedisValue] {
        try await connection.execute(commands)
    }
}
