extension Duration {
    /// Rounded up, so that what is waited for is not waited for again; at most some thirty years.
    package var wholeMilliseconds: Int {
        let (seconds, attoseconds) = components
        let partial = (attoseconds + 999_999_999_999_999) / 1_000_000_000_000_000
        return Int(min(seconds, 1_000_000_000) * 1000 + partial)
    }
}
