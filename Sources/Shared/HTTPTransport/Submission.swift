import Synchronization

/// A request on its way through the transport, and its one outcome, which the first to come decides: the transport's
/// thread, a cancellation or the shutdown.
///
/// Whether the request was begun to be sent is kept under the same lock, so that a cancelled request either is never
/// sent or says that it may have been.
final class Submission: Sendable {
    typealias Outcome = Result<HTTPTransportResponse, HTTPTransportError>

    private struct State {
        var mayHaveReachedServer = false
        var outcome: Outcome?
        var waiter: CheckedContinuation<Outcome, Never>?
    }

    let request: HTTPTransportRequest
    let origin: Origin
    let deadline: ContinuousClock.Instant
    private let state = Mutex(State())

    /// Takes a request that can be sent as it is; the deadline starts to run.
    init(_ request: HTTPTransportRequest) throws(HTTPTransportError) {
        try request.validate()
        self.request = request
        origin = try Origin(url: request.url)
        deadline = .now + request.deadline
    }

    var isCompleted: Bool { state.withLock { $0.outcome != nil } }

    /// Called just before the first byte is sent. False if the outcome is there already, so nothing must be sent.
    func beginSending() -> Bool {
        state.withLock { state in
            guard state.outcome == nil else { return false }
            state.mayHaveReachedServer = true
            return true
        }
    }

    /// Waits for the outcome. Called once.
    func outcome() async -> Outcome {
        await withCheckedContinuation { continuation in
            let outcome = state.withLock { state in
                if state.outcome == nil {
                    state.waiter = continuation
                }
                return state.outcome
            }
            if let outcome {
                continuation.resume(returning: outcome)
            }
        }
    }

    func complete(with response: HTTPTransportResponse) {
        complete { _ in .success(response) }
    }

    /// Fails the request, unless it has its outcome. The error is told whether the request may have been sent.
    func fail(_ error: (_ mayHaveReachedServer: Bool) -> HTTPTransportError) {
        complete { .failure(error($0)) }
    }

    func cancel(because message: String) {
        fail { HTTPTransportError(code: .cancelled, message: message, mayHaveReachedServer: $0) }
    }

    private func complete(_ makeOutcome: (_ mayHaveReachedServer: Bool) -> Outcome) {
        let resumption = state.withLock { state -> (CheckedContinuation<Outcome, Never>, Outcome)? in
            guard state.outcome == nil else { return nil }
            let outcome = makeOutcome(state.mayHaveReachedServer)
            state.outcome = outcome
            defer { state.waiter = nil }
            return state.waiter.map { ($0, outcome) }
        }
        if let (waiter, outcome) = resumption {
            waiter.resume(returning: outcome)
        }
    }
}
