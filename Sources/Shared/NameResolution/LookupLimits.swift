import AddressSpace

/// How many names are looked up at a time, and for how long.
struct LookupLimits {
    /// How many look-ups are under way at most, slow ones included. Each has up to two questions, and 16 bits tell
    /// questions apart: with at most half of them in use, c-ares finds a free one at once.
    static let mostAtATime = (1 << 16) / 2 / AddressFamily.allCases.count

    /// How many look-ups are under way at most that are not slow.
    let concurrent: Int
    /// After how long a look-up is slow: it waits for a server that is far or dead, costs next to nothing, and would
    /// keep others from being started.
    let slowAfter: Duration
    /// After how long one is given up.
    let patience: Duration

    init(concurrent: Int, patience: Duration) {
        self.concurrent = min(concurrent, Self.mostAtATime)
        self.patience = patience
        slowAfter = min(.milliseconds(250), patience)
    }
}
