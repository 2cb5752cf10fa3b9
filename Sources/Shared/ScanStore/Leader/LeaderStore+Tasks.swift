import Compression
import RedisClient
public import ScanModel
import UUIDText

/// A task that is to be dispatched, or put aside, and where its target comes from.
public struct Claim: Hashable, Sendable {
    /// Where a target to be dispatched comes from.
    public enum Source: String, Hashable, Sendable {
        /// The backlog: never dispatched before.
        case fresh
        /// Between the phases.
        case ready
        /// Waiting for another attempt, or for room in its network.
        case parked
        /// The backlog, but its network has no room: it is parked instead of dispatched.
        case passedOver = "passed_over"
    }

    /// The task.
    public let task: TaskReference
    /// Where its target comes from.
    public let source: Source

    /// A claim to a task.
    public init(task: TaskReference, source: Source) {
        self.task = task
        self.source = source
    }
}

/// A target to be put aside until its next attempt.
public struct Parking: Hashable, Sendable {
    /// The attempt that came to nothing.
    public let task: TaskReference
    /// The attempt that comes next: the same where the message was never sent.
    public let nextAttempt: Int
    /// Unix time in milliseconds.
    public let notBefore: Int

    /// A target to be put aside.
    public init(task: TaskReference, nextAttempt: Int, notBefore: Int) {
        self.task = task
        self.nextAttempt = nextAttempt
        self.notBefore = notBefore
    }
}

extension LeaderStore {
    /// Claims tasks of one scan before their messages are published.
    ///
    /// - Parameters:
    ///   - before: the cursor as the caller knows it; all is refused where it differs.
    ///   - after: the cursor once the fresh claims are made.
    ///   - announcement: what existing workers are to find of the tasks, where they chain the phases.
    /// - Returns: for each claim whether it holds; nil where the scan was stopped or paused, or the cursor differs.
    public func claim(
        _ claims: [Claim],
        of scan: ScanID,
        cursor before: Int,
        to after: Int,
        announcing announcement: WholeTaskAnnouncement? = nil
    ) async throws(StoreError) -> [Bool]? {
        var arguments: [RedisArgument] = [.int(Int64(before)), .int(Int64(after))]
        arguments += [.string(announcement?.user.text ?? ""), .string(announcement?.ports ?? "")]
        for claim in claims {
            arguments.append(.string(claim.source.rawValue))
            arguments += claim.task.arguments
            guard let announcement else { continue }
            arguments += [
                .string(claim.task.taskID.text), .string("\(announcement.plan.address(of: claim.task.target))"),
            ]
        }
        let reply = try await write(Script.claimTasks, scan, arguments).items
        return reply.count == claims.count ? reply.map { $0.number == 1 } : nil
    }

    /// The broker has the messages of these tasks.
    public func confirm(_ tasks: [TaskReference], of scan: ScanID) async throws(StoreError) {
        _ = try await write(Script.confirmTasks, scan, tasks.flatMap(\.arguments))
    }

    /// Workers reported that they started these tasks.
    ///
    /// - Returns: for each whether it is its target's current task.
    public func start(
        _ tasks: [(task: TaskReference, running: RunningTarget)],
        of scan: ScanID
    ) async throws(StoreError) -> [Bool] {
        var arguments: [RedisArgument] = []
        for (task, running) in tasks {
            arguments += task.arguments
            arguments += [.string(running.worker), .bytes(try storedJSON(running))]
        }
        return try await write(Script.startTasks, scan, arguments).items.map { $0.number == 1 }
    }

    /// The open-ports phase of a target found something; its services phase can be dispatched.
    ///
    /// - Parameter host: the host element of the report, kept for the merge.
    /// - Returns: false for the result of a task that is not its target's current one.
    public func readyServices(after task: TaskReference, host: [UInt8]) async throws(StoreError) -> Bool {
        try await write(
            Script.readyServices,
            task.scan,
            [.int(Int64(task.target)), .int(Int64(task.attempt)), .bytes(Deflate.compress(host))]
        ).number == 1
    }

    /// Puts targets aside until their next attempt.
    ///
    /// - Returns: for each whether the task was its target's current one.
    public func park(_ parkings: [Parking], of scan: ScanID) async throws(StoreError) -> [Bool] {
        let arguments: [RedisArgument] = parkings.flatMap {
            $0.task.arguments + [.int(Int64($0.nextAttempt)), .int(Int64($0.notBefore))]
        }
        return try await write(Script.parkTasks, scan, arguments).items.map { $0.number == 1 }
    }

    /// The host elements that the open-ports phase of targets left; nil where there is none that can be read.
    public func storedHosts(of tasks: [TaskReference]) async throws(StoreError) -> [[UInt8]?] {
        guard !tasks.isEmpty else { return [] }
        let replies = try await read(tasks.map { ["HGET", .string(Key.target($0.target, of: $0.scan)), "host"] })
        return replies.map { reply in
            reply.bytes.flatMap { try? Deflate.decompress($0, atMost: Self.storedHostLimit) }
        }
    }

    /// The most bytes of a stored host element: that of a host with every port open is a tenth of it.
    private static let storedHostLimit = 64 << 20
}
