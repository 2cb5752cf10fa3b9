import ScanModel
import ScanStore

/// Reads again what Redis and the book disagree on: a reply that was lost, or a claim that Redis refused.
struct ScanRefresh: Sendable {
    let book: ScanBook
    let store: LeaderStore

    /// Reads a whole scan; its plan only where the book has none. What changes in the book meanwhile stays as it is there, so
    /// one try is enough, however busy the scan.
    func scan(_ id: ScanID) async throws {
        if await book.entry(id)?.plan == nil, let scan = try await store.activeScan(id) { await book.adopt(scan) }
        guard let known = await book.backlogs[id] else { return }
        if let course = try await store.course(of: id) {
            await book.correct(known, by: course)
        } else {
            await book.forget(id)
        }
    }

    /// Reads the targets of tasks that Redis called stale.
    func targets(of tasks: [TaskReference]) async throws {
        for (scan, tasks) in Dictionary(grouping: tasks, by: \.scan) {
            var known: [TargetLife] = []
            for task in tasks {
                if let task = await book.current(task) { known.append(task) }
            }
            let found = try await store.currentTasks(of: known.map(\.reference.target), in: scan)
            for task in known {
                await book.correct(task.reference, known: task, found: found[task.reference.target])
            }
        }
    }
}
