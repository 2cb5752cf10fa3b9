import AddressSpace
import NameResolution

/// Resolves the names of one request: many at once, each once, and tells names without an address from those that
/// nobody answers for, and these from name servers that do not answer at all.
struct HostnameResolution: Sendable {
    /// What came of one round.
    struct Round: Sendable {
        var resolved = ResolvedNames()
        /// Names nobody answers for, while the name servers answer for others.
        var silent: [String] = []
        /// Names that got no answer while the name servers answer for nobody.
        var unavailable: [String] = []
        /// Why, for one of the unavailable ones.
        var reason: String?
    }

    let resolver: any NameResolving
    let families: Set<AddressFamily>
    let singleResolve: Bool
    /// How many names are asked at once; each takes a task of some kilobytes, the silent ones for seconds.
    var concurrency = 4_096

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
                    round.resolved.addresses[name] = singleResolve ? Array(addresses.prefix(1)) : addresses
                case .notFound:
                    round.resolved.unresolvable.append(name)
                case .unanswered:
                    round.silent.append(name)
                case .unavailable(let reason):
                    round.unavailable.append(name)
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
