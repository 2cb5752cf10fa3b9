public import Foundation
public import RedisClient
public import ScanModel

/// What an API replica does with Redis: writes intents, reads progress. It holds no state.
public struct ScanStore: Sendable {
    /// How many scans of a project may be active at once.
    public static let activeScansPerProject = 1_000

    let redis: RedisClient
    let nowInSeconds: @Sendable () -> Int

    /// A store in the given Redis.
    ///
    /// - Parameter nowInSeconds: Unix time, to be compared with what the leader wrote about workers.
    public init(
        redis: RedisClient,
        nowInSeconds: @escaping @Sendable () -> Int = { Int(Date().timeIntervalSince1970) }
    ) {
        self.redis = redis
        self.nowInSeconds = nowInSeconds
    }

    /// Accepts a scan. Once this returns, Redis has the request and the coordinator will plan it.
    ///
    /// - Parameters:
    ///   - caller: who asked, as a keyed hash; never a token.
    ///   - milliseconds: Unix time of acceptance.
    public func submit(
        _ request: ScanRequest,
        as id: ScanID,
        for project: ProjectID,
        caller: String,
        atMilliseconds milliseconds: Int
    ) async throws(StoreError) {
        _ = try await evaluate(
            Script.submitScan,
            keys: [],
            [
                .string("\(id)"), .string("\(project)"), .bytes(try storedJSON(request)), .int(Int64(milliseconds)),
                .string(caller), .int(Int64(Self.activeScansPerProject)),
            ]
        )
    }

    /// Stops a project's scans: from here on none of their targets is dispatched. The coordinator revokes what workers
    /// hold and writes a receipt under `receipt`.
    ///
    /// - Returns: the scans being stopped; none where nothing was active, and then no receipt will come.
    public func requestStop(of project: ProjectID, receipt: UUID) async throws(StoreError) -> [ScanID] {
        let reply = try await evaluate(
            Script.requestStop,
            keys: [],
            [.string("\(project)"), .string(receipt.text)]
        )
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

    /// A round trip to Redis, for readiness.
    public func ping() async throws(StoreError) {
        _ = try await execute(["PING"])
    }

    func execute(_ command: RedisCommand) async throws(StoreError) -> RedisValue {
        do {
            return try await redis.execute(command)
        } catch {
            throw StoreError(error)
        }
    }

    func execute(_ commands: [RedisCommand]) async throws(StoreError) -> [RedisValue] {
        do {
            let replies = try await redis.execute(commands)
            for case .error(let error) in replies { throw StoreError(.refused, "\(error)") }
            return replies
        } catch let error as StoreError {
            throw error
        } catch let error as RedisError {
            throw StoreError(error)
        } catch {
            throw StoreError(.unavailable, "\(error)")
        }
    }

    private func evaluate(
        _ script: RedisScript,
        keys: [String],
        _ arguments: [RedisArgument]
    ) async throws(StoreError) -> RedisValue {
        do {
            return try await redis.evaluate(script, keys: keys, arguments: arguments)
        } catch {
            throw StoreError(error)
        }
    }
}
