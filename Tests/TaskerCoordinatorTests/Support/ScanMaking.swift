import AddressSpace
import Foundation
import Nmap
import ScanModel
import ScanStore
import Synchronization

@testable import TaskerCoordinator

extension PolitenessLimits {
    static let none = PolitenessLimits(perTarget: 0, perNetwork: 0)
}

extension ScanRequest {
    static func anything(priority: Int = standardPriority) -> ScanRequest {
        var request = ScanRequest(
            hosts: [],
            openPorts: OpenPortsOptions(ports: PortSet(ports: [80])),
            services: ServiceOptions(),
            timeout: 60,
            includeServices: true,
            singleResolve: false,
            mode: .insert,
            trackHistory: true
        )
        request.priority = priority
        return request
    }
}

extension ActiveScan {
    /// A running scan of consecutive addresses.
    static func running(
        _ id: ScanID = ScanID(UUID()),
        of project: ProjectID = ProjectID(UUID()),
        from first: UInt32 = 0x1400_0000,
        targets: Int = 10,
        cursor: Int = 0,
        priority: Int = ScanRequest.standardPriority,
        isPaused: Bool = false,
        chaining: PhaseChaining? = .coordinator,
        tasks: [(Int, Phase, TaskState)] = []
    ) -> ActiveScan {
        ActiveScan(
            id: id,
            project: project,
            request: .anything(priority: priority),
            state: .running,
            isStopRequested: false,
            isPaused: isPaused,
            chaining: chaining,
            plan: Plan(
                targets: AddressSet([.v4(first...(first + UInt32(targets) - 1))]),
                hostnames: [:],
                seed: 3
            ),
            cursor: cursor,
            tasks: tasks.map { target, phase, state in
                Task(
                    task: TaskReference(scan: id, target: target, phase: phase, attempt: 1),
                    state: state,
                    since: 0,
                    worker: nil
                )
            }
        )
    }
}

extension ScanBook {
    /// As with workers of one kind alone.
    func nextBatch(window: Int, atMost limit: Int) -> DispatchBatch? {
        nextBatch(windows: DispatchWindows(coordinator: window, worker: 0), atMost: limit)
    }

    /// Chooses and claims, as a dispatcher whose claims all hold.
    ///
    /// - Returns: the tasks to be published; nil where nothing was chosen.
    func dispatch(window: Int, atMost limit: Int = 256) -> [TaskReference]? {
        guard let batch = nextBatch(window: window, atMost: limit) else { return nil }
        claimed(batch.claims, of: batch.scan, cursor: batch.cursorAfter)
        return batch.claims.filter { $0.source != .passedOver }.map(\.task)
    }

    /// Dispatches until nothing more is chosen.
    func dispatchAll(window: Int, atMost limit: Int = 256) -> [TaskReference] {
        var tasks: [TaskReference] = []
        while let sent = dispatch(window: window, atMost: limit) { tasks += sent }
        return tasks
    }
}

/// A clock that stands still until it is told.
final class ManualClock: Sendable {
    private let state: Mutex<ContinuousClock.Instant>

    init() { state = Mutex(ContinuousClock().now) }

    var now: ContinuousClock.Instant { state.withLock { $0 } }

    func advance(by duration: Duration) { state.withLock { $0 += duration } }
}
