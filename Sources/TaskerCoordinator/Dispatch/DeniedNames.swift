import AddressSpace
import Logging
import Synchronization
import Telemetry

/// The addresses of the names that the deployment denies, for the look before dispatch. They are looked up when a term begins,
/// and nothing is dispatched before they are known, and again from time to time.
final class DeniedNames: Sendable {
    private let names: [String]
    private let resolution: HostnameResolution
    private let logger: Logger
    private let known = Mutex<AddressSet?>(nil)
    private let firstAnswer = Wake()

    /// How long an answer is good for.
    private static let interval = Duration.seconds(60)

    init(_ names: [String], resolution: HostnameResolution, logger: Logger) {
        self.names = names
        self.resolution = resolution
        self.logger = logger
        if names.isEmpty { known.withLock { $0 = AddressSet() } }
    }

    /// Whether a denied name has this address.
    func have(_ address: IPAddress) -> Bool {
        known.withLock { $0?.contains(address) ?? true }
    }

    /// Returns once the addresses are known, or when the task is cancelled. One task waits at a time.
    func waitUntilKnown() async {
        while !Task.isCancelled, known.withLock({ $0 == nil }) { await firstAnswer.wait() }
    }

    /// Looks the names up until the term ends. What could not be looked up again is as it was.
    func run() async throws {
        var backoff = Backoff(base: .seconds(1), cap: .seconds(30))
        while !Task.isCancelled {
            let round = names.isEmpty ? HostnameResolution.Round() : await resolution.resolve(names)
            try Task.checkCancellation()
            if let name = (round.silent + round.unavailable).min() {
                logger.warning("a denied name cannot be looked up", metadata: [LogKey.name: "\(name)"])
                try await Task.sleep(for: backoff.next())
                continue
            }
            let addresses = AddressSet(round.resolved.addresses.values.joined().map { AddressRange($0) })
            known.withLock { $0 = addresses }
            firstAnswer.signal()
            backoff.reset()
            try await Task.sleep(for: Self.interval)
        }
    }
}
