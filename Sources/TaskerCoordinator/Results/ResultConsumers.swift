import ScanModel

/// One consumer per project with active scans, for as long as the term lasts.
struct ResultConsumers: Sendable {
    let book: ScanBook
    let make: @Sendable (ProjectID) -> ProjectResults

    /// How often it looks for projects that came up. The first results of a project take longer than that.
    private static let interval = Duration.milliseconds(200)

    func run() async throws {
        try await withThrowingTaskGroup(of: Void.self) { group in
            var consumed: Set<ProjectID> = []
            group.addTask { try await Task.sleep(for: .seconds(86_400 * 365)) }
            while !Task.isCancelled {
                for project in await book.activeProjects where consumed.insert(project).inserted {
                    group.addTask { try await make(project).run() }
                }
                try await Task.sleep(for: Self.interval)
            }
        }
    }
}
