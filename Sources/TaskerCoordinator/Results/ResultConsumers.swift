import ScanModel
import Synchronization

/// One consumer for each project with active scans.
///
/// A consumer outlives its project's last scan by a while, to set aside what still comes in; then it ends, and the queue
/// is not declared any more.
final class ResultConsumers: Sendable {
    /// How often it looks for projects that came up.
    private static let interval = Duration.milliseconds(200)
    /// How long a consumer stays after its project's last scan.
    private static let idleTime = Duration.seconds(60)

    private let book: ScanBook
    private let queues: ResultQueues
    private let failure: TermFailure
    private let make: @Sendable (ProjectID) -> ProjectResults
    private let consumed = Mutex<Set<ProjectID>>([])
    private let clock = ContinuousClock()

    init(
        book: ScanBook,
        queues: ResultQueues,
        failure: TermFailure,
        make: @escaping @Sendable (ProjectID) -> ProjectResults
    ) {
        self.book = book
        self.queues = queues
        self.failure = failure
        self.make = make
    }

    func run() async throws {
        try await withThrowingDiscardingTaskGroup { group in
            while !Task.isCancelled {
                for project in await book.activeProjects where consumed.withLock({ $0.insert(project).inserted }) {
                    group.addTask { [self] in await failure.guarding { try await consume(project) } }
                }
                try await Task.sleep(for: Self.interval)
            }
        }
    }

    private func consume(_ project: ProjectID) async throws {
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { [self] in try await make(project).run() }
            group.addTask { [self] in try await waitUntilIdle(project) }
            try await group.next()
            group.cancelAll()
        }
        queues.release(project)
        _ = consumed.withLock { $0.remove(project) }
    }

    private func waitUntilIdle(_ project: ProjectID) async throws {
        var idleSince: ContinuousClock.Instant?
        while true {
            try await Task.sleep(for: .seconds(1))
            if await book.activeProjects.contains(project) {
                idleSince = nil
            } else if let since = idleSince {
                if clock.now - since >= Self.idleTime { return }
            } else {
                idleSince = clock.now
            }
        }
    }
}
