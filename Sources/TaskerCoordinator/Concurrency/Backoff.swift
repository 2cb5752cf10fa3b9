/// Waiting times that double, with full jitter ("Exponential Backoff And Jitter", AWS Architecture Blog, 2015).
struct Backoff: Sendable {
    private let base: Duration
    private let cap: Duration
    private var failures = 0

    init(base: Duration, cap: Duration) {
        self.base = base
        self.cap = cap
    }

    /// How long to wait before the next try.
    mutating func next() -> Duration {
        let ceiling = min(cap, base * (1 << min(failures, 16)))
        failures += 1
        return ceiling * Double.random(in: 0.1...1)
    }

    mutating func reset() {
        failures = 0
    }
}
