import PrometheusMetrics
import ScanModel

/// Samples what there is to do during a term: of each scan some counts, never of each target.
struct TermGauges: Sendable {
    let book: ScanBook
    let syncs: LedgerSyncs
    let workers: WorkerMonitor
    let windows: @Sendable () async -> DispatchWindows

    private static let interval = Duration.seconds(1)

    /// Samples until the task is cancelled; from then on this coordinator has nothing to do.
    func run() async {
        while !Task.isCancelled {
            await sample()
            try? await Task.sleep(for: Self.interval)
        }
        show(ScanBook.Load(), windows: DispatchWindows(coordinator: 0, worker: 0), waiting: .init())
        for chaining in PhaseChaining.allCases { show(workers: 0, slots: 0, chaining) }
    }

    private func sample() async {
        show(await book.load, windows: await windows(), waiting: syncs.waiting)
        let registry = await workers.census.roster.registry
        for chaining in PhaseChaining.allCases {
            let slots = registry.slots(chainedBy: chaining)
            show(workers: registry.scanners(chainedBy: chaining).count, slots: slots, chaining)
        }
    }

    private func show(_ load: ScanBook.Load, windows: DispatchWindows, waiting: LedgerSyncs.Waiting) {
        for standing in CoordinatorMetrics.ScanStanding.allCases {
            CoordinatorMetrics.scans.set(load.scans[standing, default: 0], standing.rawValue)
        }
        CoordinatorMetrics.targets.set(load.pending, CoordinatorMetrics.TargetStanding.pending.rawValue)
        CoordinatorMetrics.targets.set(load.inFlight, CoordinatorMetrics.TargetStanding.inFlight.rawValue)
        CoordinatorMetrics.targets.set(load.parked, CoordinatorMetrics.TargetStanding.parked.rawValue)
        CoordinatorMetrics.backlog.set(load.backlog)
        for chaining in PhaseChaining.allCases {
            CoordinatorMetrics.window.set(windows[chaining], chaining.rawValue)
            CoordinatorMetrics.places.set(load.places[chaining], chaining.rawValue)
        }
        CoordinatorMetrics.hostsWaiting.set(waiting.hosts)
        CoordinatorMetrics.syncLag.set(waiting.longest)
    }

    private func show(workers: Int, slots: Int, _ chaining: PhaseChaining) {
        CoordinatorMetrics.workersAlive.set(workers, chaining.rawValue)
        CoordinatorMetrics.workerSlots.set(slots, chaining.rawValue)
    }
}
