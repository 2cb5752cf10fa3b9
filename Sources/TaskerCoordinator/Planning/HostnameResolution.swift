import AddressSpace
import NameResolution

/// Resolves the names of one request: many at once, each once, and tells names without an address from name servers
/// that do not answer.
struct HostnameResolution: Sendable {
    /// What came of one round.
    struct Round: Sendable {
        var resolved = ResolvedNames()
        /// Names nobody gave an answer for.
        var unanswered: [String] = []
        /// Why, for one of them.
        var reason: String?
    }

    let resolver: any NameResolving
    /// Shared by all requests.
    let health: NameServerHealth
    let families: Set<AddressFamily>
    let singleResolve: Bool
    /// How many names are asked at once.
    let concurrency: Int

    func resolve(_ names: [String]) async -> Round {
        await withTaskGroup(of: (String, Resolution).self) { group in
            var round = Round()
            var remaining = names[...]
            for name in remaining.prefix(concurrency) {
                group.addTask { (name, await resolver.resolve(name, families: families)) }
            }
            remaining = remaining.dropFirst(concurrency)
            for await (name, resolution) in group {
                switch resolution {
                case .addresses(let addresses):
                    health.answered()
                    round.resolved.addresses[name] = singleResolve ? Array(addresses.prefix(1)) : addresses
                case .notFound:
                    health.answered()
                    round.resolved.unresolvable.append(name)
                case .unavailable(let reason):
                    round.unanswered.append(name)
                    round.reason = reason
                }
                if let next = remaining.popFirst() {
                    group.addTask { (next, await resolver.resolve(next, families: families)) }
                }
            }
            return round
        }
    }
}
