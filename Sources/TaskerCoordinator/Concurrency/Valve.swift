import Synchronization

/// Open or closed, for one task that waits for either.
final class Valve: Sendable {
    private let state = Mutex(true)
    private let changed = Wake()

    var isOpen: Bool { state.withLock { $0 } }

    func open() { set(true) }
    func close() { set(false) }

    /// Returns once it is open, or once it is closed; also when the task is cancelled.
    func wait(untilOpen wanted: Bool) async {
        while !Task.isCancelled, isOpen != wanted { await changed.wait() }
    }

    private func set(_ isOpen: Bool) {
        state.withLock { $0 = isOpen }
        changed.signal()
    }
}
