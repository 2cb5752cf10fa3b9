import AddressSpace
import Logging
import ScanLedger
import ScanModel
import ScanStore

/// Works out what one scan covers: resolves names, applies the scope guard, subtracts what ScanLedger knows and what other
/// scans cover.
///
/// Waits, visibly, while ScanLedger or the name servers are away; it never guesses. Nothing is kept until the plan is
/// committed, and nothing in it is left to chance, so that a plan begun again after a crash comes out the same.
struct Planner: Sendable {
    let names: NamePlanning
    let ledger: any KnownTargets
    let scope: ScopeGuard
    let limit: TargetLimit
    let store: any PlanKeeping
    let waiting: PlanningWait

    /// Why a scan has no plan.
    struct Refusal: Error, CustomStringConvertible {
        let description: String
    }

    /// The selection before the active scans are subtracted, which is part of the commit.
    ///
    /// - Parameter coverage: what other scans have still to do of some targets.
    func select(
        _ scan: ActiveScan,
        beside coverage: (AddressSet) async -> [Coverage]
    ) async throws -> TargetSelection {
        var selection = try await requestedSelection(of: scan)
        try await applyScope(to: &selection, of: scan)
        if scan.request.mode == .insert, !selection.targets.isEmpty {
            // Looked at before ScanLedger is read: a target that is through by the commit may not be known there yet.
            selection.others = await coverage(selection.targets)
            let known = try await retrying(scan) { () throws(LedgerError) in
                try await ledger.knownAddresses(of: scan.project)
            }
            selection.refuse(known, as: .alreadyInScanLedger)
            let names = selection.names(refusedAs: .alreadyInScanLedger)
            if !names.isEmpty, !scan.request.isDryRun {
                // ScanLedger cannot check an epoch: this is the last look before the names are written.
                try await waiting.goOn(scan)
                try await retrying(scan) { () throws(LedgerError) in
                    try await ledger.addHostnames(names, to: scan.project)
                }
            }
        }
        return selection
    }

    /// Subtracts what other scans cover and makes the rest the scan's plan. Commits of a project must not overlap.
    ///
    /// - Returns: whether the scan still wanted a plan.
    func commit(_ selected: TargetSelection, of scan: ActiveScan, beside others: [Coverage]) async throws -> Bool {
        var selection = selected
        for other in selected.others + others {
            selection.refuse(other.openTargets, as: .alreadyInQueue, coveredBy: other.scan)
        }
        let isDryRun = scan.request.isDryRun
        return try await store.commit(
            selection.plan(seed: scan.id.dispatchSeed),
            refusals: selection.refusals,
            answer: selection.answer(for: scan.id, isDryRun: isDryRun),
            of: scan.id,
            isDryRun: isDryRun
        )
    }

    private func requestedSelection(of scan: ActiveScan) async throws -> TargetSelection {
        if let requeue = scan.request.requeues {
            guard let targets = try await store.targets(of: requeue) else {
                throw Refusal(description: "the plan of scan \(requeue.scan) is gone")
            }
            return TargetSelection(requeueing: targets)
        }
        let requested: RequestedTargets
        do {
            requested = try RequestedTargets(scan.request.hosts)
        } catch {
            throw Refusal(description: "a host cannot be read: \(error.message)")
        }
        if let excess = limit.excess(of: requested.distinct) { throw Refusal(description: excess) }
        let selection = TargetSelection(
            requested: requested,
            resolved: try await names.targets(requested.names, of: scan)
        )
        if let excess = limit.excess(of: selection.considered.count) { throw Refusal(description: excess) }
        return selection
    }

    private func applyScope(to selection: inout TargetSelection, of scan: ActiveScan) async throws {
        let exclusions: Exclusions
        do {
            exclusions = try Exclusions(scan.request.exclude)
        } catch {
            throw Refusal(description: "an exclusion cannot be read: \(error.message)")
        }
        let denied = try await names.denied(scope.denied.hostnames, of: scan)
        let excluded = try await names.excluded(exclusions.names, of: scan)
        scope.apply(to: &selection, exclusions: exclusions, excludedByName: denied.union(excluded))
    }

    private func retrying<Value: Sendable>(
        _ scan: ActiveScan,
        _ operation: () async throws(LedgerError) -> Value
    ) async throws -> Value {
        var wait = waiting.begin()
        while true {
            do {
                let value = try await operation()
                try await wait.end(scan)
                return value
            } catch let error as LedgerError {
                guard error.isRetryable else { throw Refusal(description: "ScanLedger: \(error.message)") }
                try await wait.pause(as: .waitingForScanLedger, error.message, scan)
            }
        }
    }
}
