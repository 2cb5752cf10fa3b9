import AddressSpace
import Synchronization

/// How many requests a second a replica takes.
struct RateLimits: Hashable, Sendable {
    /// From a caller with a good token; nil for no such limit.
    var perToken: Int?
    /// From an address, without a good token; nil for no such limit.
    var perAddress: Int?
    /// How many may come at once.
    var burst: Int

    /// No limits.
    static let none = RateLimits(perToken: nil, perAddress: nil, burst: 1)
}

/// Refuses requests of those who send too many. Each replica counts for itself.
final class RateLimiter: Sendable {
    /// How many callers, and how many addresses, are kept track of.
    static let capacity = 20_000

    private struct State {
        var callers: TokenBuckets<CallerID>?
        var addresses: TokenBuckets<Source>?
    }

    /// Where requests come from. Who has an IPv6 address has all of its /64.
    private enum Source: Hashable {
        case v4(UInt32)
        case v6(UInt64)
        case unknown

        init(_ address: IPAddress?) {
            switch address {
            case .v4(let value): self = .v4(value)
            case .v6(let value): self = .v6(UInt64(truncatingIfNeeded: value >> 64))
            case nil: self = .unknown
            }
        }
    }

    private let limits: RateLimits
    private let now: @Sendable () -> ContinuousClock.Instant
    private let state: Mutex<State>

    init(_ limits: RateLimits, now: @escaping @Sendable () -> ContinuousClock.Instant = { ContinuousClock.now }) {
        self.limits = limits
        self.now = now
        let state = State(
            callers: limits.perToken.map { TokenBuckets(rate: $0, burst: limits.burst, capacity: Self.capacity) },
            addresses: limits.perAddress.map { TokenBuckets(rate: $0, burst: limits.burst, capacity: Self.capacity) }
        )
        self.state = Mutex(state)
    }

    /// Counts a request of a caller whose token is known to be good.
    ///
    /// - Throws: 429 where that is one too many.
    func admit(_ caller: CallerID) throws(APIError) {
        let wait = state.withLock { $0.callers?.take(for: caller, now: now()) }
        try refuse(wait, limits.perToken, "with this token")
    }

    /// Counts a request from an address, without a token that is known to be good.
    ///
    /// - Throws: 429 where that is one too many.
    func admit(_ address: IPAddress?) throws(APIError) {
        let wait = state.withLock { $0.addresses?.take(for: Source(address), now: now()) }
        try refuse(wait, limits.perAddress, "from this address without a good token")
    }

    private func refuse(_ wait: Duration?, _ rate: Int?, _ whose: String) throws(APIError) {
        guard let wait, let rate else { return }
        let message = "too many requests \(whose): \(rate) a second are permitted, and \(limits.burst) at once"
        throw .tooManyRequests(message, retryAfter: .seconds(wait.components.seconds + 1))
    }
}
