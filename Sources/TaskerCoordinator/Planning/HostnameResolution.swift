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
        /// There are more addresses than a plan takes; not all names were asked.
        var hasTooManyAddresses = false
    }

    /// Which of a name's addresses are wanted.
    enum Extent: Sendable {
        /// The first one.
        case first
        /// Those that are found.
        case found
        /// All there are, by the hosts file and by the name servers, in each family: a name of which one family or source is
        /// not known counts as not answered.
        case all
    }

    let resolver: any NameResolving
    let families: Set<AddressFamily>
    let extent: Extent
    /// How many names are asked at once; each takes a task of some kilobytes, the silent ones for seconds.
    var concurrency = 4_096

    /// The most addresses that the names of one request may lead to. One name can have some thousands, and each address of
    /// a name costs memory, as those of a network do not.
    static let mostAddresses = 1_000_000

    func resolve(_ names: [String]) async -> Round {
        await withTaskGroup(of: (String, Resolution).self) { group in
            var round = Round()
            var found = 0
            var remaining = names[...]
            for name in remaining.prefix(concurrency) {
                group.addTask { (name, await lookUp(name)) }
            }
            remaining = remaining.dropFirst(concurrency)
            for await (name, resolution) in group {
                switch resolution {
                case .addresses(let addresses):
                    round.resolved.addresses[name] = addresses
                    found += addresses.count
                    if found > Self.mostAddresses { group.cancelAll() }
                case .notFound:
                    round.resolved.unresolvable.append(name)
                case .unanswered:
                    round.silent.append(name)
                case .unavailable(let reason):
                    round.unavailable.append(name)
                    round.reason = reason
                }
                if found <= Self.mostAddresses, let next = remaining.popFirst() {
                    group.addTask { (next, await lookUp(next)) }
                }
            }
            round.hasTooManyAddresses = found > Self.mostAddresses
            return round
        }
    }

    private func lookUp(_ name: String) async -> Resolution {
        switch extent {
        case .first:
            let resolution = await resolver.resolve(name, families: families, from: .hostsFileFirst)
            guard case .addresses(let addresses) = resolution else { return resolution }
            return .addresses(Array(addresses.prefix(1)))
        case .found: return await resolver.resolve(name, families: families, from: .hostsFileFirst)
        case .all: return await lookUpEverywhere(name)
        }
    }

    private func lookUpEverywhere(_ name: String) async -> Resolution {
        var addresses: Set<IPAddress> = []
        var absence = "no addresses"
        for family in families {
            for source in [NameSource.nameServers, .hostsFileFirst] {
                let resolution = await resolver.resolve(name, families: [family], from: source)
                switch resolution {
                case .addresses(let found): addresses.formUnion(found)
                case .notFound(let reason): absence = reason
                case .unanswered, .unavailable: return resolution
                }
            }
        }
        return addresses.isEmpty ? .notFound(reason: absence) : .addresses(addresses.sorted())
    }
}
