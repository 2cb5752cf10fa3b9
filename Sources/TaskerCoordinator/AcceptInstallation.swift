import ArgumentParser
import Logging
import RedisClient
import ScanStore
import Settings

/// How a person says that lost data is lost: without it, processes that have seen the data do nothing any more.
struct AcceptInstallation: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "accept-installation",
        abstract: "Gives up an installation whose data Redis has lost, so that running processes go on without it.",
        discussion: """
            Put the data back instead if there is a copy of it: all scans of the installation are lost otherwise. What \
            workers have of them is still scanned, and its results count for nothing.
            """
    )

    @Argument(help: "The id of the installation that is given up, as the log and /readyz show it.")
    var installation: String

    @OptionGroup var files: SettingsFiles

    func run() async throws {
        let settings = try files.read().settings
        let redis = RedisClient(
            configuration: RedisConfiguration(settings.redis),
            logger: Logger(label: "tasker.accept") { _ in SwiftLogNoOpLogHandler() }
        )
        let isAccepted = try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { try await redis.run() }
            defer { group.cancelAll() }
            return try await LeaderLock(redis: redis).accept(insteadOf: installation)
        }
        guard isAccepted else {
            throw ValidationError("Redis holds the data of installation \(installation); there is nothing to give up")
        }
        print("Installation \(installation) is given up. Running processes go on by themselves within a second.")
    }
}
