import Synchronization

/// Reads that concurrent requests for the same thing share.
///
/// Who asks while a read is under way waits for the next one, so that no answer is older than its question: a status asked
/// for after a stop was answered shows the stop. However many ask, one read of a thing is under way at a time.
final class SharedReads<Key: Hashable & Sendable, Value: Sendable, Failure: Error>: Sendable {
    private typealias Answer = Result<Value, Failure>

    private enum Turn {
        /// To read, for all who have come until now.
        case reading(followers: [CheckedContinuation<Turn, Never>])
        case answered(Answer)
    }

    private let read: @Sendable (Key) async throws(Failure) -> Value
    /// Who waits for the next read, by the keys that are being read.
    private let waiting = Mutex<[Key: [CheckedContinuation<Turn, Never>]]>([:])

    init(_ read: @escaping @Sendable (Key) async throws(Failure) -> Value) {
        self.read = read
    }

    /// What a read shows that begins after this call.
    func value(of key: Key) async throws(Failure) -> Value {
        switch await turn(for: key) {
        case .answered(let answer):
            return try answer.get()
        case .reading(let followers):
            // A request that is given up must not take the answer from the others.
            let answer = await Task { await self.answer(for: key) }.value
            passOn(key)
            for follower in followers { follower.resume(returning: .answered(answer)) }
            return try answer.get()
        }
    }

    /// How many wait for the next read.
    func waiters(of key: Key) -> Int {
        waiting.withLock { $0[key]?.count ?? 0 }
    }

    private func turn(for key: Key) async -> Turn {
        await withCheckedContinuation { continuation in
            let isFirst = waiting.withLock { waiting in
                guard waiting[key] != nil else {
                    waiting[key] = []
                    return true
                }
                waiting[key]?.append(continuation)
                return false
            }
            if isFirst { continuation.resume(returning: .reading(followers: [])) }
        }
    }

    /// A read has ended: the first of those who came meanwhile reads for them all.
    private func passOn(_ key: Key) {
        let next = waiting.withLock { waiting in
            let next = waiting[key] ?? []
            waiting[key] = next.isEmpty ? nil : []
            return next
        }
        next.first?.resume(returning: .reading(followers: Array(next.dropFirst())))
    }

    private func answer(for key: Key) async -> Answer {
        do throws(Failure) {
            return .success(try await read(key))
        } catch {
            return .failure(error)
        }
    }
}
