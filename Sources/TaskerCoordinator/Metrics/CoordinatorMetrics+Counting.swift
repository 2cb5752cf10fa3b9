import AMQPClient
import Health
import PrometheusMetrics
import ScanLedger
import ScanModel
import ScanStore

extension CoordinatorMetrics {
    /// Sets what a coordinator is good for, and how what it depends on is.
    static func show(_ report: ReadinessReport) {
        build.set(1, Version.text)
        leader.set(report.epoch == nil ? 0 : 1)
        epoch.set(report.epoch ?? 0)
        for (name, state) in report.dependencies { dependencyUp.set(state == .away ? 0 : 1, name) }
    }

    /// Counts the targets whose outcomes were written.
    static func settled(_ settlements: [Settlement], _ written: [Bool]) {
        for (settlement, isWritten) in zip(settlements, written) where isWritten {
            targetsFinished.count(1, TargetEnd(settlement.outcome).rawValue)
        }
    }

    /// Counts what the broker said of published tasks, those of which it said the same together.
    static func published(_ tasks: [TaskReference], _ outcomes: [PublishOutcome]) {
        for (phase, some) in Dictionary(grouping: zip(tasks, outcomes), by: \.0.phase) {
            dispatched.count(some.count, phase.rawValue)
            confirmed.count(some.count { $0.1 == .confirmed }, phase.rawValue)
        }
        for (reason, some) in Dictionary(grouping: outcomes.compactMap(Unconfirmed.init(_:)), by: \.self) {
            unconfirmed.count(some.count, reason.rawValue)
        }
    }

    /// Counts a report that was sent to ScanLedger.
    ///
    /// - Parameter error: why it was not taken.
    static func imported(_ hosts: Int, in duration: Duration, _ error: LedgerError? = nil) {
        importDuration.record(duration)
        switch error?.code {
        case nil:
            hostsImported.count(hosts)
            imports.count(1, Import.taken.rawValue)
        case .rejected, .tooLarge: imports.count(1, Import.refused.rawValue)
        case .unavailable, .unauthorised, .forbidden, .notFound, .unreadable:
            imports.count(1, Import.unavailable.rawValue)
        }
    }

    /// Counts what is done about a task that nobody reported on.
    static func reconciled(_ action: TargetLife.SearchAction) {
        let what: Reconciliation? =
            switch action {
            case .wait: nil
            case .confirm: .confirmed
            case .sendAgain: .sentAgain
            case .fail: .failed
            case .importOpenPorts: .importedOpenPorts
            }
        if let what { reconciled.count(1, what.rawValue) }
    }
}

extension CoordinatorMetrics.Result {
    /// Counts a result.
    func count() {
        CoordinatorMetrics.resultsTaken.count(1, rawValue)
    }
}
