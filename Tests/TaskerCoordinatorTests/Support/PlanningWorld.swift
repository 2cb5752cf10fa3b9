import AddressSpace
import Foundation
import Logging
import NameResolution
import Nmap
import ScanLedger
import ScanModel
import ScanStore
import Synchronization

@testable import TaskerCoordinator

/// What outlives a coordinator, in memory: ScanLedger, the name servers' answers and the plans in the store.
final class PlanningWorld: Sendable {
    struct Content: Sendable {
        var known = AddressSet()
        var merged: [IPAddress: Set<String>] = [:]
        var answers: [String: Resolution] = [:]
        /// What the coordinator's own hosts file says, which hides the name servers' answers.
        var hostsFile: [String: [IPAddress]] = [:]
        /// Names whose IPv6 addresses nobody tells.
        var silentIPv6: Set<String> = []
        var states: [ScanState] = []
        var requeued: [Requeue: RequeuedTargets] = [:]
        var committed: Committed?
    }

    struct Committed: Equatable, Sendable {
        let plan: Plan
        let refusals: PlanRefusals
        let answer: PlanAnswer
        let isDryRun: Bool
    }

    private let storage = Mutex(Content())

    var content: Content { storage.withLock { $0 } }

    func change(_ body: (inout Content) -> Void) {
        storage.withLock { body(&$0) }
    }

    /// Answers for a name; each address in its text form.
    func name(_ name: String, _ addresses: String...) {
        change { $0.answers[name] = .addresses(addresses.compactMap { IPAddress($0) }) }
    }
}

/// One coordinator's life in a world: it ends, as by `kill -9`, at a given step, and then nothing it does has an effect.
final class PlanningLife: NameResolving, KnownTargets, PlanKeeping {
    /// When a life ends.
    struct End: Sendable {
        let step: Int
        /// Whether the step itself still happens.
        let happens: Bool
    }

    let world: PlanningWorld
    private let end: End?
    private let steps = Mutex(0)
    /// What ScanLedger answers before it answers well.
    private let ledgerFailures: Mutex<Int>

    init(_ world: PlanningWorld, end: End? = nil, ledgerFailures: Int = 0) {
        self.world = world
        self.end = end
        self.ledgerFailures = Mutex(ledgerFailures)
    }

    var stepCount: Int { steps.withLock { $0 } }

    /// Takes a step. False once the life is over.
    private func step(_ effect: () -> Void = {}) -> Bool {
        let number = steps.withLock { steps in
            defer { steps += 1 }
            return steps
        }
        guard let end, number >= end.step else {
            effect()
            return true
        }
        if number == end.step, end.happens { effect() }
        return false
    }

    func resolve(_ name: String, families: Set<AddressFamily>, from source: NameSource) async -> Resolution {
        guard step() else { return .unavailable(reason: "the process is dead") }
        let content = world.content
        if source == .hostsFileFirst, let addresses = content.hostsFile[name] { return .addresses(addresses) }
        if families == [.v6], content.silentIPv6.contains(name) { return .unanswered(reason: "silent") }
        let answer = content.answers[name] ?? .notFound(reason: "no such name")
        guard case .addresses(let addresses) = answer else { return answer }
        let wanted = addresses.filter { families.contains($0.family) }
        return wanted.isEmpty ? .notFound(reason: "not in these families") : .addresses(wanted)
    }

    func knownAddresses(of project: ProjectID) async throws(LedgerError) -> AddressSet {
        let fails = ledgerFailures.withLock { failures in
            defer { failures = max(0, failures - 1) }
            return failures > 0
        }
        if fails { throw LedgerError(code: .unavailable, message: "away") }
        guard step() else { throw LedgerError(code: .rejected, message: "the process is dead") }
        return world.content.known
    }

    func addHostnames(_ names: [(IPAddress, [String])], to project: ProjectID) async throws(LedgerError) {
        let isAlive = step {
            world.change { content in
                for (address, names) in names { content.merged[address, default: []].formUnion(names) }
            }
        }
        guard isAlive else { throw LedgerError(code: .rejected, message: "the process is dead") }
    }

    func setPlanningState(_ state: ScanState, detail: String, of scan: ScanID) async throws(StoreError) -> Bool {
        guard step({ world.change { $0.states.append(state) } }) else { throw StoreError(.fenced, "dead") }
        return true
    }

    func targets(of requeue: Requeue) async throws(StoreError) -> RequeuedTargets? {
        guard step() else { throw StoreError(.fenced, "dead") }
        return world.content.requeued[requeue]
    }

    func commit(
        _ plan: Plan,
        refusals: PlanRefusals,
        answer: PlanAnswer,
        of scan: ScanID,
        isDryRun: Bool
    ) async throws(StoreError) -> Bool {
        let effect = { [self] in
            world.change { content in
                // As the script: the first commit is the plan.
                guard content.committed == nil else { return }
                content.committed = .init(plan: plan, refusals: refusals, answer: answer, isDryRun: isDryRun)
            }
        }
        guard step(effect) else { throw StoreError(.fenced, "dead") }
        return true
    }

    /// The planner of this life.
    func planner(
        scope: ScopeGuard = ScopeGuard(allowsPrivateTargets: false, allowsLoopbackTargets: false),
        maximumTargets: UInt64 = 1 << 24
    ) -> Planner {
        let logger = Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }
        let waiting = PlanningWait(store: self, logger: logger, sleep: { _ in })
        return Planner(
            names: NamePlanning(
                resolution: { purpose in
                    // One at a time, so that steps come in one order.
                    switch purpose {
                    case .targets(let singleResolve):
                        HostnameResolution(
                            resolver: self,
                            families: [.v4],
                            extent: singleResolve ? .first : .found,
                            concurrency: 1
                        )
                    case .exclusions:
                        HostnameResolution(resolver: self, families: [.v4, .v6], extent: .all, concurrency: 1)
                    }
                },
                waiting: waiting,
                meaningless: scope.meaningless
            ),
            ledger: self,
            scope: scope,
            limit: TargetLimit(maximumTargets),
            store: self,
            waiting: waiting
        )
    }

    /// Plans a scan from its first step to its last.
    func plan(
        _ scan: ActiveScan,
        beside others: [Coverage] = [],
        earlier: [Coverage] = [],
        scope: ScopeGuard = ScopeGuard(allowsPrivateTargets: false, allowsLoopbackTargets: false),
        maximumTargets: UInt64 = 1 << 24
    ) async throws {
        let planner = planner(scope: scope, maximumTargets: maximumTargets)
        let selection = try await planner.select(scan) { _ in earlier }
        _ = try await planner.commit(selection, of: scan, beside: others)
    }
}

extension ActiveScan {
    /// A scan that was just accepted.
    static func accepted(
        _ hosts: [String],
        id: ScanID = ScanID(UUID()),
        project: ProjectID = ProjectID(UUID()),
        mode: ImportMode = .append,
        change: (inout ScanRequest) -> Void = { _ in }
    ) -> ActiveScan {
        var request = ScanRequest(
            hosts: hosts,
            openPorts: OpenPortsOptions(ports: PortSet(ports: [80])),
            services: ServiceOptions(),
            timeout: 60,
            includeServices: false,
            singleResolve: false,
            mode: mode,
            trackHistory: true
        )
        change(&request)
        return ActiveScan(
            id: id,
            project: project,
            request: request,
            state: .planning,
            isStopRequested: false,
            isPaused: false,
            plan: nil,
            cursor: 0,
            tasks: []
        )
    }
}
