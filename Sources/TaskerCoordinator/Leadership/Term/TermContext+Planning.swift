import AddressSpace
import NameResolution
import ScanModel
import Settings

extension TermContext {
    /// Plans the scans of this term.
    func makePlanning(_ scope: ScopeGuard) -> PlanningDesk {
        let waiting = PlanningWait(store: store, logger: logger)
        let planner = Planner(
            names: NamePlanning(resolution: resolution, waiting: waiting, meaningless: scope.meaningless),
            ledger: means.ledger,
            scope: scope,
            limit: TargetLimit(UInt64(means.settings.scope.maxTargetsPerScan)),
            store: store,
            waiting: waiting
        )
        return PlanningDesk(
            planner: planner,
            book: book,
            store: store,
            refresh: refresh,
            dispatch: dispatch,
            failure: failure,
            consumerTimeout: means.settings.rabbitMQ.consumerTimeout,
            logger: logger
        )
    }

    /// The addresses of names that are never to be scanned.
    func makeDeniedNames(_ scope: ScopeGuard) -> DeniedNames {
        DeniedNames(scope.denied.hostnames, resolution: resolution(.exclusions), logger: logger)
    }

    private var resolution: @Sendable (NamePlanning.Purpose) -> HostnameResolution {
        let families: Set<AddressFamily> = means.settings.dns.resolveIPv6 ? [.v4, .v6] : [.v4]
        return { [resolver = MeasuredResolver(means.resolver)] purpose in
            switch purpose {
            case .targets(let singleResolve):
                HostnameResolution(resolver: resolver, families: families, extent: singleResolve ? .first : .found)
            case .exclusions:
                HostnameResolution(resolver: resolver, families: [.v4, .v6], extent: .all)
            }
        }
    }
}
