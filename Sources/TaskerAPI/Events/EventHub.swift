import Logging
import ScanModel
import ScanStore
import ServiceLifecycle
import Synchronization
import Telemetry

/// Reads the events of all projects that somebody listens to, once for the whole replica, and hands them out.
final class EventHub: Service {
    /// How often events are read.
    static let interval = Duration.milliseconds(250)
    /// How many listeners are handed something at a time: the writes keep the replica from answering other requests.
    static let deliveriesAtOnce = 25
    /// How long at most lies between them, and in what time all are done.
    static let pause = Duration.milliseconds(5)
    static let handingOut = Duration.milliseconds(200)

    /// A place among the listeners. It is given back with its last reference, so that no way out forgets it.
    final class Subscription: Sendable {
        /// What the listener hears; it ends where too much waits for it.
        let signals: AsyncStream<EventSignal>
        private let hub: EventHub
        private let project: ProjectID
        private let number: Int

        fileprivate init(
            _ hub: EventHub,
            _ project: ProjectID,
            _ place: (number: Int, signals: AsyncStream<EventSignal>)
        ) {
            self.hub = hub
            self.project = project
            (number, signals) = place
        }

        deinit {
            hub.feeds.withLock { $0.leave(project, number) }
        }
    }

    private let store: any ScanKeeping
    private let feeds: Mutex<EventFeeds>
    /// Whether the last read failed, so that there may be more to read than is kept.
    private let isBehind = Mutex(false)
    private let logger: Logger

    init(store: any ScanKeeping, limits: EventFeeds.Limits, logger: Logger) {
        self.store = store
        self.logger = logger
        feeds = Mutex(EventFeeds(limits: limits))
    }

    /// Reads until graceful shutdown, and then ends all streams.
    func run() async throws {
        defer { end() }
        try? await cancelWhenGracefulShutdown { [self] in
            for turn in 0... {
                let next = ContinuousClock.now + Self.interval
                await read()
                tick(turn: turn)
                try await Task.sleep(until: next)
            }
        }
    }

    /// Listens to a project.
    ///
    /// - Parameter position: not behind any event that the listener has not read after this returns.
    /// - Throws: 429 or 503 where there are as many listeners as there may be.
    func subscribe(
        to project: ProjectID,
        as caller: CallerID,
        at position: StreamPosition
    ) throws(APIError) -> Subscription {
        let place = feeds.withLock { feeds in
            Result { () throws(APIError) in try feeds.join(project, as: caller, at: position) }
        }
        return Subscription(self, project, try place.get())
    }

    /// How many listen.
    var count: Int { feeds.withLock { $0.count } }

    /// Has those whose turn it is look whether they may still listen.
    func tick(turn: Int) {
        feeds.withLock { $0.tick(turn: turn) }
    }

    /// Ends all streams; there will be no others.
    func end() {
        feeds.withLock { $0.end() }
    }

    /// Reads and hands out what is new.
    func read() async {
        let positions = feeds.withLock { $0.positions }
        var deliveries: [EventFeeds.Delivery] = []
        do {
            for (project, events) in try await store.events(after: positions) {
                guard let position = positions[project], !events.isEmpty else { continue }
                let isWhole = try await isWhole(events, of: project, after: position)
                let batch = EventBatch(events)
                deliveries += feeds.withLock {
                    $0.publish(batch, to: project, readAfter: position, isWhole: isWhole)
                }
            }
            isBehind.withLock { $0 = false }
        } catch {
            // Whatever was told meanwhile is read later.
            isBehind.withLock { $0 = true }
            logger.debug("Events cannot be read", metadata: [LogKey.error: "\(error)"])
        }
        await make(deliveries)
    }

    /// Whether no event was forgotten between a place and the events that were read behind it.
    private func isWhole(
        _ events: [ProjectEvent],
        of project: ProjectID,
        after position: StreamPosition
    ) async throws(StoreError) -> Bool {
        guard events.count >= ScanStore.eventsPerRead || isBehind.withLock(\.self) else { return true }
        return try await store.eventHistory(of: project).reaches(back: position)
    }

    /// A few at a time; all at once where the replica ends meanwhile.
    private func make(_ deliveries: [EventFeeds.Delivery]) async {
        let groups = (deliveries.count + Self.deliveriesAtOnce - 1) / Self.deliveriesAtOnce
        for group in 0..<groups {
            if group > 0 { try? await Task.sleep(for: min(Self.pause, Self.handingOut / groups)) }
            for delivery in deliveries.dropFirst(group * Self.deliveriesAtOnce).prefix(Self.deliveriesAtOnce) {
                delivery.make()
            }
        }
    }
}
