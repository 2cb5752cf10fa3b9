import AddressSpace
import Logging
import ScanLedger
import ScanModel
import ScanStore
import Telemetry

/// Works out what one scan covers: resolves names, applies the scope guard, subtracts what ScanLedger knows.
///
/// Waits, visibly, while ScanLedger or the name servers are away; it never guesses.
struct Planner: Sendable {
    let resolution: @Sendable (ScanRequest) -> HostnameResolution
    let ledger: LedgerClient
    let scope: ScopeGuard
    let maximumTargets: UInt64
    let store: LeaderStore
    let logger: Logger

    /// Why a scan has no plan.
    struct Refusal: Error, CustomStringConvertible {
        let description: String
    }

    /// The selection before the active scans are subtracted, which is the committer's part.
    func select(_ scan: ActiveScan) async throws -> TargetSelection {
        let requested: RequestedTargets
        do {
            requested = try RequestedTargets(scan.request.hosts)
        } catch {
            throw Refusal(description: "a host cannot be read: \(error.message)")
        }
        guard requested.distinct <= maximumTargets else {
            throw Refusal(description: "\(requested.distinct) targets are more than \(maximumTargets)")
        }
        let resolved = try await resolve(requested.names, of: scan)
        var selection = TargetSelection(requested: requested, resolved: resolved)
        scope.apply(to: &selection)
        if scan.request.mode == .insert, !selection.targets.isEmpty {
            let known = try await retrying(scan) { () throws(LedgerError) in
                try await ledger.knownAddresses(of: scan.project)
            }
            selection.refuse(known, as: .alreadyInScanLedger)
            let names = selection.names(refusedAs: .alreadyInScanLedger)
            if !names.isEmpty {
                try await retrying(scan) { () throws(LedgerError) in
                    try await ledger.addHostnames(names, to: scan.project)
                }
            }
        }
        return selection
    }

    /// Asks until each name has an answer. A name that gets none while others do, of this scan or another, has servers of
    /// its own that are dead: it is given up as unresolvable after a second round. Where nobody gets an answer, nothing is
    /// given up.
    private func resolve(_ requested: [String], of scan: ActiveScan) async throws -> ResolvedNames {
        let names = resolution(scan.request)
        var resolved = ResolvedNames()
        var remaining = requested
        var backoff = Backoff(base: .seconds(1), cap: .seconds(30))
        var isLastRound = false
        while !remaining.isEmpty {
            let round = await names.resolve(remaining)
            try Task.checkCancellation()
            resolved.addresses.merge(round.resolved.addresses) { $1 }
            resolved.unresolvable += round.resolved.unresolvable
            remaining = round.unanswered
            guard !remaining.isEmpty else { break }
            if names.health.isGood && isLastRound {
                resolved.unresolvable += remaining
                break
            }
            isLastRound = names.health.isGood
            if !isLastRound {
                try await wait(&backoff, as: .waitingForDNS, round.reason ?? "no name server answers", scan)
            }
        }
        resolved.unresolvable.sort()
        return resolved
    }

    private func retrying<Value: Sendable>(
        _ scan: ActiveScan,
        _ operation: () async throws(LedgerError) -> Value
    ) async throws -> Value {
        var backoff = Backoff(base: .seconds(1), cap: .seconds(30))
        while true {
            do {
                return try await operation()
            } catch {
                guard error.isRetryable else { throw Refusal(description: "ScanLedger: \(error.message)") }
                try await wait(&backoff, as: .waitingForScanLedger, error.message, scan)
            }
        }
    }

    private func wait(
        _ backoff: inout Backoff,
        as state: ScanState,
        _ reason: String,
        _ scan: ActiveScan
    ) async throws {
        logger.warning(
            "planning waits",
            metadata: [LogKey.scan: "\(scan.id)", LogKey.state: "\(state.rawValue)", LogKey.reason: "\(reason)"]
        )
        guard try await store.setPlanningState(state, detail: reason, of: scan.id) else { throw CancellationError() }
        try await Task.sleep(for: backoff.next())
    }
}
