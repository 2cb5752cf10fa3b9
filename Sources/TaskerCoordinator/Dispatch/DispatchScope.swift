import AddressSpace
import ScanModel
import Synchronization

/// The scope guard's last look, when a target is about to be handed to a worker: by the rules of today, which may not be
/// those of the plan, and by the exclusions of the request.
final class DispatchScope: Sendable {
    private let scope: ScopeGuard
    /// Parsed exclusions of the scans that are being dispatched; the largest take a while to parse.
    private let exclusions = Mutex<[ScanID: AddressSet]>([:])

    /// How many scans' exclusions are remembered before all are forgotten.
    private static let remembered = 256

    init(_ scope: ScopeGuard) {
        self.scope = scope
    }

    /// Whether a target may still be scanned.
    func permits(_ address: IPAddress, names: [String], of scan: ScanID, _ request: ScanRequest) -> Bool {
        guard scope.permits(address, names: names) else { return false }
        return request.exclude.isEmpty || !excluded(of: scan, request).contains(address)
    }

    /// An entry that cannot be read, which only a defect can bring here, excludes everything.
    private func excluded(of scan: ScanID, _ request: ScanRequest) -> AddressSet {
        exclusions.withLock { known in
            if let addresses = known[scan] { return addresses }
            let parsed = try? Exclusions(request.exclude).addresses
            let addresses = parsed ?? AddressSet([.v4(.min ... .max), .v6(.min ... .max)])
            if known.count >= Self.remembered { known.removeAll() }
            known[scan] = addresses
            return addresses
        }
    }
}
