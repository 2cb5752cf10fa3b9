import Health
import Logging
import ServiceLifecycle
import Telemetry

/// Looks from time to time whether Redis is set to keep what it acknowledges; the log and `/readyz` say where it is not.
struct DurabilityWatch: Service {
    let durability: RedisDurability
    let health: CoordinatorHealth
    let logger: Logger

    private static let interval = Duration.seconds(60)

    func run() async throws {
        await cancelWhenGracefulShutdown { await watch() }
    }

    private func watch() async {
        var known: [String] = []
        while !Task.isCancelled {
            let warnings = await durability.warnings()
            health.durability(warnings)
            for warning in warnings where !known.contains(warning) {
                logger.warning("Redis may lose what it acknowledges", metadata: [LogKey.reason: "\(warning)"])
            }
            known = warnings
            try? await Task.sleep(for: Self.interval)
        }
    }
}
