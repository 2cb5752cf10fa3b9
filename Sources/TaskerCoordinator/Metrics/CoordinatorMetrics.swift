import AMQPClient
import PrometheusMetrics
import ScanModel

/// The catalogue of a coordinator's metrics. Labels have few values: never a project, a scan, a target or a worker's name.
/// Those of a leader's work are 0 at a coordinator that stands by; counters are of this process.
enum CoordinatorMetrics {
    static let build = GaugeMetric("tasker_build_info", "1, with the version.", [.init("version", [Version.text])])
    static let dependencyUp = GaugeMetric(
        "tasker_dependency_up",
        "0 where a server that the process depends on does not answer, else 1.",
        [.init("dependency", ["redis", "rabbitmq", "scanledger"])]
    )
    static let leader = GaugeMetric("tasker_leader", "1 at the coordinator that leads.")
    static let epoch = GaugeMetric("tasker_leader_epoch", "The epoch of the leader's term; 0 at others.")
    static let terms = CounterMetric("tasker_leader_terms", "Terms that were begun.")

    /// All of them.
    static let all =
        [
            build.definition, dependencyUp.definition, leader.definition, epoch.definition, terms.definition,
        ] + work + dispatch + results + sync + workers
}

// MARK: What there is to do, sampled every second

extension CoordinatorMetrics {
    /// Where a scan is that has not ended.
    enum ScanStanding: String, CaseIterable {
        case planning, running, paused, stopping
    }

    /// Where a target is that has no outcome.
    enum TargetStanding: String, CaseIterable {
        case pending
        case inFlight = "in_flight"
        case parked
    }

    /// What became of a target.
    enum TargetEnd: String, CaseIterable {
        case done
        case donePartial = "done_partial"
        case failed, cancelled

        init(_ outcome: Outcome) {
            self =
                switch outcome {
                case .done: .done
                case .donePartial: .donePartial
                case .failed: .failed
                }
        }
    }

    static let scans = GaugeMetric("tasker_scans", "Scans that have not ended.", [.init("state", ScanStanding.self)])
    static let targets = GaugeMetric(
        "tasker_targets",
        "Targets without an outcome, of all scans.",
        [.init("state", TargetStanding.self)]
    )
    static let targetsFinished = CounterMetric(
        "tasker_targets_finished",
        "Targets that got their outcome.",
        [.init("outcome", TargetEnd.self)]
    )
    static let backlog = GaugeMetric(
        "tasker_backlog_targets",
        "Targets not in flight that might be: of scans neither paused nor stopping, whose project's results are taken."
    )
    static let window = GaugeMetric(
        "tasker_dispatch_window_targets",
        "How many targets may be in flight, by who chains the phases.",
        [.init("chaining", PhaseChaining.self)]
    )
    static let places = GaugeMetric(
        "tasker_dispatch_places_taken",
        "Places of the window that are taken.",
        [.init("chaining", PhaseChaining.self)]
    )

    private static let work = [
        scans.definition, targets.definition, targetsFinished.definition, backlog.definition, window.definition,
        places.definition,
    ]
}

// MARK: Dispatch and what watches it

extension CoordinatorMetrics {
    /// Why a published task is not confirmed.
    enum Unconfirmed: String, CaseIterable {
        case returned, refused, uncertain
        case notSent = "not_sent"

        /// Nil for a task that is confirmed.
        init?(_ outcome: PublishOutcome) {
            switch outcome {
            case .confirmed: return nil
            case .returned: self = .returned
            case .refused: self = .refused
            case .uncertain: self = .uncertain
            case .notSent: self = .notSent
            }
        }
    }

    /// What a look for tasks that nobody reports on came to.
    enum Reconciliation: String, CaseIterable {
        case confirmed
        case sentAgain = "sent_again"
        case failed
        case importedOpenPorts = "imported_open_ports"
    }

    /// What became of a lookup.
    enum Lookup: String, CaseIterable {
        case addresses
        case notFound = "not_found"
        case unanswered, unavailable
    }

    static let dispatched = CounterMetric(
        "tasker_tasks_dispatched",
        "Tasks handed to the broker; those of both phases in one count as open_ports.",
        [.init("phase", Phase.self)]
    )
    static let confirmed = CounterMetric(
        "tasker_tasks_confirmed",
        "Tasks that the broker has confirmed.",
        [.init("phase", Phase.self)]
    )
    static let unconfirmed = CounterMetric(
        "tasker_tasks_unconfirmed",
        "Tasks that the broker gave back, refused or did not confirm.",
        [.init("reason", Unconfirmed.self)]
    )
    static let confirmDuration = TimerMetric(
        "tasker_dispatch_confirm_duration",
        "Time from publishing a batch to the broker's last confirm."
    )
    static let attemptsFailed = CounterMetric(
        "tasker_attempts_failed",
        "Attempts at a phase of a target that came to nothing.",
        [.init("reason", FailureReason.self)]
    )
    static let retries = CounterMetric(
        "tasker_retries",
        "Attempts that another one follows.",
        [.init("reason", FailureReason.self)]
    )
    static let reconciliations = CounterMetric("tasker_reconciliations", "Looks for tasks that nobody reports on.")
    static let reconciled = CounterMetric(
        "tasker_reconciled_tasks",
        "What was done about tasks that nobody reported on.",
        [.init("action", Reconciliation.self)]
    )
    static let stops = CounterMetric("tasker_stops", "Stops carried out.")
    static let stopDuration = TimerMetric(
        "tasker_stop_duration",
        "Time that it took to carry a stop out and write its receipt."
    )
    static let lookups = CounterMetric("tasker_dns_lookups", "Names looked up.", [.init("outcome", Lookup.self)])
    static let lookupDuration = TimerMetric("tasker_dns_lookup_duration", "Time that looking a name up took.")

    private static let dispatch = [
        dispatched.definition, confirmed.definition, unconfirmed.definition, confirmDuration.definition,
        attemptsFailed.definition, retries.definition, reconciliations.definition, reconciled.definition,
        stops.definition, stopDuration.definition, lookups.definition, lookupDuration.definition,
    ]
}

// MARK: Results and their way into ScanLedger

extension CoordinatorMetrics {
    /// What a result means.
    enum Result: String, CaseIterable {
        case finding, nothing
        case leadsToServices = "leads_to_services"
        case failedAttempt = "failed_attempt"
        /// The worker says that the task failed.
        case workerError = "worker_error"
        case revoked
        /// Not read: no result, or too large a one.
        case unreadable
        /// Of a task that is not waited for, or not any more.
        case unexpected
        /// The worker only says that it began.
        case other
    }

    /// What became of an import.
    enum Import: String, CaseIterable {
        case taken
        /// ScanLedger refuses the report.
        case refused
        /// ScanLedger does not answer, or refuses Tasker.
        case unavailable
    }

    static let resultsTaken = CounterMetric(
        "tasker_results",
        "Results of workers, by what they mean.",
        [.init("meaning", Result.self)]
    )
    static let resultDuration = TimerMetric(
        "tasker_result_handling_duration",
        "Time from taking a result to all that follows from it being in Redis; without the import."
    )
    static let imports = CounterMetric(
        "tasker_imports",
        "Reports sent to ScanLedger, each of many hosts.",
        [.init("result", Import.self)]
    )
    static let importDuration = TimerMetric("tasker_import_duration", "Time that ScanLedger took for a report.")
    static let hostsImported = CounterMetric("tasker_hosts_imported", "Hosts that ScanLedger took.")
    static let hostsWaiting = GaugeMetric(
        "tasker_sync_waiting_hosts",
        "Finished hosts that wait here for their import, those being imported included."
    )
    static let syncLag = GaugeMetric(
        "tasker_sync_lag_seconds",
        "For how long the oldest finding has waited for its import, also with the broker."
    )
    static let quarantined = CounterMetric(
        "tasker_reports_quarantined",
        "Reports set aside because ScanLedger refuses them."
    )

    private static let results = [resultsTaken.definition, resultDuration.definition]
    private static let sync = [
        imports.definition, importDuration.definition, hostsImported.definition, hostsWaiting.definition,
        syncLag.definition, quarantined.definition,
    ]
}

// MARK: Workers, sampled every second

extension CoordinatorMetrics {
    static let workersAlive = GaugeMetric(
        "tasker_workers",
        "Workers alive that take scan tasks.",
        [.init("chaining", PhaseChaining.self)]
    )
    static let workerSlots = GaugeMetric(
        "tasker_worker_slots",
        "Tasks that they can run at once.",
        [.init("chaining", PhaseChaining.self)]
    )

    private static let workers = [workersAlive.definition, workerSlots.definition]
}
