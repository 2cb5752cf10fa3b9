import AddressSpace
import ScanModel
import Synchronization

/// The scope guard's last look, when a target is about to be handed to a worker: by the rules of today, which may not be
/// those of the plan, and by the exclusions of the request.
final class DispatchScope: Sendable {
    private struct Parsed {
        var exclusions: [ScanID: AddressSet] = [:]
        var ranges = 0
    }

    private let scope: ScopeGuard
    private let denied: DeniedNames
    /// Parsed exclusions of the scans that are being dispatched; the largest take a while to parse.
    private let parsed = Mutex(Parsed())

    /// How many ranges are remembered before all are forgotten: some tens of megabytes.
    private static let rememberedRanges = 1_000_000

    init(_ scope: ScopeGuard, denied: DeniedNames) {
        self.scope = scope
        self.denied = denied
    }

    /// Whether a target may still be scanned.
    func permits(_ address: IPAddress, names: [String], of scan: ScanID, _ request: ScanRequest) -> Bool {
        guard scope.permits(address, names: names), !denied.have(address) else { return false }
        return request.exclude.isEmpty || !excluded(of: scan, request).contains(address)
    }

    /// An entry that cannot be read, which only a defect can bring here, excludes everything.
    private func excluded(of scan: ScanID, _ request: ScanRequest) -> AddressSet {
        parsed.withLock { parsed in
            if let addresses = parsed.exclusions[scan] { return addresses }
            let everything = AddressSet([.v4(.min ... .max), .v6(.min ... .max)])
            let addresses = (try? Exclusions(request.exclude).addresses) ?? everything
            if parsed.ranges + addresses.ranges.count > Self.rememberedRanges { parsed = Parsed() }
            parsed.exclusions[scan] = addresses
            parsed.ranges += addresses.ranges.count
            return addresses
        }
    }
}
