import ScanModel
import ScanStore

/// Reads again what Redis and the book disagree on: a reply that was lost, or a claim that Redis refused.
struct ScanRefresh: Sendable {
    let book: ScanBook
    let store: LeaderStore

    /// How often a snapshot that the book overtook is taken anew before the next disagreement may bring it up again.
    private static let tries = 5

    /// Reads a whole scan.
    func scan(_ id: ScanID) async throws {
        for _ in 0..<Self.tries {
            let version = await book.version(of: id)
            guard let scan = try await store.activeScan(id) else {
                await book.forget(id)
                return
            }
            if await book.adopt(scan, ifAt: version) { return }
        }
    }

    /// Reads the targets of tasks that Redis called stale.
    func targets(of tasks: [TaskReference]) async throws {
        for task in tasks {
            guard let known = await book.current(task) else { continue }
            await book.correct(task, known: known, found: try await store.currentTask(of: task))
        }
    }
}
