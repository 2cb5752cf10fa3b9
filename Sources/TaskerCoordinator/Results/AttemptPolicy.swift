import ScanModel

/// What follows a failed attempt.
struct AttemptPolicy: Sendable {
    /// Attempts at one phase of one target.
    let maximumAttempts: Int

    enum Next: Sendable, Equatable {
        /// The next attempt, not before this long from now.
        case retry(after: Duration)
        /// There is none.
        case giveUp
    }

    /// What follows when this attempt came to nothing. The pause doubles with the attempts and has jitter.
    func next(after task: TaskReference) -> Next {
        guard task.attempt < maximumAttempts else { return .giveUp }
        let ceiling = Duration.seconds(2 << min(task.attempt, 6))
        return .retry(after: ceiling * Double.random(in: 0.5...1))
    }
}
