import Logging
import ScanStore
import ServiceLifecycle
import Telemetry

/// Looks every second whether Redis holds what it held, so that a replica notices also while nobody asks it anything.
struct InstallationWatch: Service {
    let store: any ScanKeeping
    let logger: Logger

    private static let interval = Duration.seconds(1)

    func run() async throws {
        await cancelWhenGracefulShutdown { await watch() }
    }

    private func watch() async {
        var isForeign = false
        while !Task.isCancelled {
            do {
                try await store.ping()
                isForeign = false
            } catch {
                if error.code == .foreignInstallation, !isForeign {
                    logger.error("Installation's data gone", metadata: [LogKey.reason: "\(error.message)"])
                }
                isForeign = error.code == .foreignInstallation
            }
            try? await Task.sleep(for: Self.interval)
        }
    }
}
