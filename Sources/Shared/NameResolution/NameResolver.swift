public import AddressSpace
public import Logging
public import ServiceLifecycle
import Synchronization
import WorkerThread

/// Looks names up by c-ares, thousands at a time, on one thread of its own: the hosts file first, then answers that still
/// hold, then name servers.
///
/// Names are looked up while `run()` runs; those asked for before wait for it. When it ends, by graceful shutdown or
/// cancellation, all that are pending are unavailable, and so are later ones.
public final class NameResolver: NameResolving, Service {
    static let shutDown = Resolution.unavailable(reason: "the resolver has been shut down")

    private let logger: Logger
    private let configuration: NameResolverConfiguration
    private let servers: NameServers
    private let wakeUp: WakeUp
    private let mailbox = Mailbox<ResolverLoop.Command>()
    private let hasRun = Atomic(false)

    /// A resolver that does not run yet.
    public init(
        configuration: NameResolverConfiguration = NameResolverConfiguration(),
        logger: Logger
    ) throws(NameResolverError) {
        self.logger = logger
        self.configuration = configuration
        wakeUp = try WakeUp()
        servers = try NameServers(configuration)
    }

    /// Looks names up until graceful shutdown or cancellation. Called once.
    public func run() async throws {
        precondition(!hasRun.exchange(true, ordering: .relaxed), "run() is called once")
        await runOnThread(named: "name-resolver", onStop: stop) { [self] in
            var loop = ResolverLoop(servers: servers, configuration: configuration)
            loop.run(mailbox, wakeUp: wakeUp)
        }
    }

    /// The addresses of a name. A cancelled task gets `unavailable` at once; the look-up itself goes on if another task
    /// waits for the same.
    public func resolve(
        _ name: String,
        families: Set<AddressFamily>,
        from source: NameSource = .hostsFileFirst
    ) async -> Resolution {
        guard !name.isEmpty, !name.utf8.contains(0) else { return .notFound(reason: "not a name") }
        // c-ares answers these by itself, which says nothing about any server.
        guard !name.lowercased().hasSuffix(".onion") else { return .notFound(reason: "not in the DNS (RFC 7686)") }
        guard !families.isEmpty else { return Resolution(combining: []) }
        let key = LookupKey(name: name, families: families, source: source)
        let promise = Promise<Resolution>()
        let resolution = await withTaskCancellationHandler {
            if !post(.resolve(key, promise)) {
                promise.complete(with: Self.shutDown)
            }
            return await promise.value()
        } onCancel: { [self] in
            promise.complete(with: .unavailable(reason: "the task was cancelled"))
            _ = post(.abandon(key, promise))
        }
        switch resolution {
        case .addresses, .notFound: break
        case .unanswered(let reason), .unavailable(let reason):
            logger.debug("name not resolved", metadata: ["name": "\(name)", "reason": "\(reason)"])
        }
        return resolution
    }

    private func post(_ command: ResolverLoop.Command) -> Bool {
        guard mailbox.post(command) else { return false }
        wakeUp.signal()
        return true
    }

    private func stop() {
        mailbox.close()
        wakeUp.signal()
    }
}
