/// Runs an operation that is not to be broken off half-way. Where the surrounding task is cancelled, it may go on until the
/// given instant, and is cancelled then.
func completing<Value: Sendable, Failure: Error>(
    by end: @escaping @Sendable () -> ContinuousClock.Instant,
    _ operation: @escaping @Sendable () async throws(Failure) -> Value
) async throws(Failure) -> Value {
    let task = Task { () -> Result<Value, Failure> in
        do throws(Failure) {
            return .success(try await operation())
        } catch {
            return .failure(error)
        }
    }
    let result = await withTaskCancellationHandler {
        await task.value
    } onCancel: {
        Task {
            try? await Task.sleep(until: end(), clock: .continuous)
            task.cancel()
        }
    }
    return try result.get()
}
