import AddressSpace

/// How many targets are in flight with each address and in each network, and who may join them.
///
/// Its size follows the targets in flight: what has none takes no memory.
struct Politeness: Sendable {
    /// Where the number of targets in flight is limited.
    enum Place: Hashable, Sendable {
        case address(IPAddress)
        /// An IPv4 /24, by its leading bits.
        case network24(UInt32)
        /// An IPv6 /64, by its leading bits.
        case network64(UInt64)

        static func network(of address: IPAddress) -> Place {
            switch address {
            case .v4(let value): .network24(value >> 8)
            case .v6(let value): .network64(UInt64(value >> 64))
            }
        }
    }

    let limits: PolitenessLimits
    private var counts: [Place: Int] = [:]

    init(_ limits: PolitenessLimits) {
        self.limits = limits
    }

    /// The place that has no room for a target of this address; nil where the target may be dispatched.
    func obstacle(to address: IPAddress) -> Place? {
        places(of: address).first { room(at: $0) <= 0 }
    }

    func admits(_ address: IPAddress) -> Bool {
        obstacle(to: address) == nil
    }

    /// How many more targets a place takes.
    func room(at place: Place) -> Int {
        let limit =
            switch place {
            case .address: limits.perTarget
            case .network24, .network64: limits.perNetwork
            }
        return limit == 0 ? .max : limit - count(at: place)
    }

    /// How many targets are in flight there; 0 where nothing is limited.
    func count(at place: Place) -> Int { counts[place, default: 0] }

    /// The limited places that a target of this address takes.
    func places(of address: IPAddress) -> [Place] {
        (limits.perTarget > 0 ? [.address(address)] : []) + (limits.perNetwork > 0 ? [.network(of: address)] : [])
    }

    /// Counts a target, whether or not it was admitted: what is in flight is in flight.
    mutating func enter(_ address: IPAddress) {
        for place in places(of: address) { counts[place, default: 0] += 1 }
    }

    /// Takes back one `enter`.
    mutating func leave(_ address: IPAddress) {
        for place in places(of: address) {
            let count = count(at: place)
            precondition(count > 0, "leave without enter")
            counts[place] = count == 1 ? nil : count - 1
        }
    }

    var isEmpty: Bool { counts.isEmpty }
}
