import NIOCore

/// Exponential backoff with full jitter: any time up to a bound that doubles with each failure.
///
/// As in "Exponential Backoff And Jitter" (AWS Architecture Blog, 2015): clients that lost one server together come
/// back spread out.
struct Backoff {
    var base = TimeAmount.milliseconds(50)
    var cap = TimeAmount.seconds(2)

    /// The longest wait after so many failures in a row; a link that lasted and was lost counts as none.
    func bound(failures: Int) -> TimeAmount {
        let doublings = min(failures, 16)
        return min(cap, .nanoseconds(base.nanoseconds << doublings))
    }

    /// A wait after so many failures in a row.
    func delay(failures: Int, using generator: inout some RandomNumberGenerator) -> TimeAmount {
        .nanoseconds(Int64.random(in: 0...bound(failures: failures).nanoseconds, using: &generator))
    }
}
