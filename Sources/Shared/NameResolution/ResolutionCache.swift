import AddressSpace

/// The answers of name servers, for as long as they allow, within bounds. Time is what callers say it is.
///
/// What no server answered is never kept. Of the entries there are two generations: when the younger one is full it
/// becomes the older, and what was the older is forgotten.
struct ResolutionCache {
    typealias Instant = ContinuousClock.Instant

    /// The longest that an answer is kept.
    static let maximumTime = Duration.seconds(300)
    /// How long "there is no such name or address" is kept. The zone's own figure (RFC 2308) does not come through c-ares.
    static let maximumNegativeTime = Duration.seconds(30)

    private struct Key: Hashable {
        let name: String
        let family: AddressFamily
    }

    private struct Entry {
        let resolution: Resolution
        let expiry: Instant
    }

    private let generationSize: Int
    private var young: [Key: Entry] = [:]
    private var old: [Key: Entry] = [:]

    init(capacity: Int = 65_536) {
        generationSize = max(1, capacity / 2)
    }

    /// How many entries there are, expired ones included.
    var count: Int { young.count + old.count }

    /// The answer for one family of a name, unless its time is over.
    func resolution(of name: String, family: AddressFamily, at now: Instant) -> Resolution? {
        let key = Key(name: name, family: family)
        guard let entry = young[key] ?? old[key], entry.expiry > now else { return nil }
        return entry.resolution
    }

    /// Keeps an answer for at most `timeToLive`.
    mutating func insert(
        _ resolution: Resolution,
        of name: String,
        family: AddressFamily,
        timeToLive: Duration,
        at now: Instant
    ) {
        let maximum: Duration
        switch resolution {
        case .addresses: maximum = Self.maximumTime
        case .notFound: maximum = Self.maximumNegativeTime
        case .unanswered, .unavailable: return
        }
        guard timeToLive > .zero else { return }
        if young.count == generationSize {
            old = young
            young.removeAll()
        }
        let expiry = now + min(timeToLive, maximum)
        young[Key(name: name, family: family)] = Entry(resolution: resolution, expiry: expiry)
    }
}
