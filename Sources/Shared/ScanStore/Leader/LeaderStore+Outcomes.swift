import RedisClient
public import ScanModel

/// The end of a target.
public struct Settlement: Hashable, Sendable {
    /// Its last task.
    public let task: TaskReference
    /// What became of it.
    public let outcome: Outcome
    /// Why, where there is something to say.
    public let reason: FailureReason?
    /// More words on the reason; bounded by the caller.
    public let detail: String?
    /// What ScanLedger refuses to import; it is kept in quarantine.
    public let refusedReport: RefusedReport?
    /// What ScanLedger has of it, to be told to those who watch; nil where that is nothing.
    public let found: FoundTarget?

    /// The end of a target.
    public init(
        task: TaskReference,
        outcome: Outcome,
        reason: FailureReason? = nil,
        detail: String? = nil,
        refusedReport: RefusedReport? = nil,
        found: FoundTarget? = nil
    ) {
        self.task = task
        self.outcome = outcome
        self.reason = reason
        self.detail = detail
        self.refusedReport = refusedReport
        self.found = found
    }
}

/// What the store says to the announcement of an import.
public enum ImportMark: Sendable, Hashable {
    /// Marked: import it.
    case marked
    /// It was marked before: an import may have happened, so look first.
    case repeated
    /// Not its target's current task: do not import it.
    case stale
}

/// What a stop gave up and what it left to be imported.
public struct StopResult: Sendable {
    /// How many targets were given up, by earlier stops of the scan too.
    public let givenUp: Int
    /// Tasks of those that were with the broker or with workers.
    public let revoked: [TaskReference]
    /// Targets between the phases whose open ports are to be imported; named by their next task.
    public let inBetween: [TaskReference]

    /// What a stop gave up and left.
    public init(givenUp: Int, revoked: [TaskReference], inBetween: [TaskReference]) {
        self.givenUp = givenUp
        self.revoked = revoked
        self.inBetween = inBetween
    }
}

/// What is kept of a target that did not end as done: a row of the exceptions hash.
struct KeptException: Codable {
    let outcome: String
    let reason: FailureReason?
    let detail: String?
}

extension LeaderStore {
    /// Announces imports, before they are tried.
    public func markImports(_ tasks: [TaskReference], of scan: ScanID) async throws(StoreError) -> [ImportMark] {
        try await write(Script.markImports, scan, tasks.flatMap(\.arguments)).items.map {
            switch $0.number {
            case 1: .marked
            case 2: .repeated
            default: .stale
            }
        }
    }

    /// Writes outcomes. The scan ends with its last one.
    ///
    /// - Parameter afterImport: whether the caller is the one who imports: only that one ends a target whose import was
    ///   announced.
    /// - Returns: for each whether it was written; a target gets one outcome only.
    public func settle(
        _ settlements: [Settlement],
        of scan: ScanID,
        afterImport: Bool = false
    ) async throws(StoreError) -> [Bool] {
        var arguments: [RedisArgument] = [.string(afterImport ? "1" : "0")]
        for settlement in settlements {
            arguments += settlement.task.arguments
            arguments.append(.int(Int64(settlement.outcome.rawValue)))
            if settlement.reason == nil && settlement.detail == nil {
                arguments.append("")
            } else {
                let kept = KeptException(
                    outcome: settlement.outcome.name,
                    reason: settlement.reason,
                    detail: settlement.detail
                )
                arguments.append(.bytes(try storedJSON(kept)))
            }
            arguments += try quarantineArguments(of: settlement)
            arguments.append(try foundArgument(of: settlement))
        }
        return try await write(Script.settleTargets, scan, arguments).items.map { $0.number == 1 }
    }

    /// Gives up everything of a scan that has no result.
    ///
    /// - Parameter keepsInBetween: leave targets between the phases to be imported, rather than give them up.
    public func stop(_ scan: ScanID, keepsInBetween: Bool) async throws(StoreError) -> StopResult {
        let dropped = KeptException(outcome: "cancelled", reason: .stopped, detail: "open ports found, not imported")
        let reply = try await write(
            Script.stopScan,
            scan,
            [.string(keepsInBetween ? "keep" : "drop"), .bytes(try storedJSON(dropped))]
        ).items
        guard let givenUp = reply.first?.number else { throw StoreError(.corrupt, "the stop's answer cannot be read") }
        let lists = reply.dropFirst().compactMap(\.text).split(
            separator: "",
            maxSplits: 1,
            omittingEmptySubsequences: false
        )
        let tasks = lists.map { $0.compactMap { TaskReference(scan: scan, text: $0) } }
        return StopResult(
            givenUp: givenUp,
            revoked: tasks.first ?? [],
            inBetween: tasks.count > 1 ? tasks[1] : []
        )
    }

    /// Says why results of a project are not imported; nil: they are. What is said is forgotten after 15 minutes.
    public func noteSync(_ text: String?, of project: ProjectID) async throws(StoreError) {
        _ = try await write(Script.noteSync, [.string("\(project)"), .string(text ?? "")])
    }
}
