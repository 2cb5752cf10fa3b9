import AddressSpace
import NameResolution
import PrometheusMetrics

/// A resolver that counts what it is asked and how long the answers take.
struct MeasuredResolver: NameResolving {
    let resolver: any NameResolving

    private let clock = ContinuousClock()

    init(_ resolver: any NameResolving) {
        self.resolver = resolver
    }

    func resolve(_ name: String, families: Set<AddressFamily>, from source: NameSource) async -> Resolution {
        let begun = clock.now
        let resolution = await resolver.resolve(name, families: families, from: source)
        let outcome: CoordinatorMetrics.Lookup =
            switch resolution {
            case .addresses: .addresses
            case .notFound: .notFound
            case .unanswered: .unanswered
            case .unavailable: .unavailable
            }
        CoordinatorMetrics.lookups.count(1, outcome.rawValue)
        CoordinatorMetrics.lookupDuration.record(begun.duration(to: clock.now))
        return resolution
    }
}
