import ScanModel
import ScanStore

/// What a stream of events hears.
enum EventSignal: Sendable {
    /// Something happened in its project.
    case events(EventBatch)
    /// Events were forgotten before they were read. It is the last that the stream hears.
    case missed
    /// Time to look whether the caller may still listen, and whether there is.
    case tick
    /// The replica ends.
    case restart
}

/// Who listens to which project in this replica, and how far each project has been read: a value, so that what a step does
/// can be tested.
struct EventFeeds {
    /// How many signals wait for a listener; one that leaves more has its stream ended. They share their bytes.
    static let signalsKept = 64
    /// In how many steps all listeners are ticked once.
    static let turns = 20

    /// How many listeners there may be.
    struct Limits: Hashable, Sendable {
        var total: Int
        var perCaller: Int
    }

    /// What was read, on its way to one listener.
    struct Delivery: Sendable {
        fileprivate let listener: Listener
        fileprivate let signal: EventSignal

        /// Hands it out.
        func make() {
            EventFeeds.send(signal, to: listener)
            if case .missed = signal { listener.signals.finish() }
        }
    }

    fileprivate struct Listener {
        let caller: CallerID
        let signals: AsyncStream<EventSignal>.Continuation
    }

    private struct Feed {
        var position: StreamPosition
        var listeners: [Int: Listener] = [:]
    }

    private let limits: Limits
    private var feeds: [ProjectID: Feed] = [:]
    private var byCaller: [CallerID: Int] = [:]
    private var lastNumber = 0
    private var isOver = false

    /// How many listen.
    private(set) var count = 0

    init(limits: Limits) {
        self.limits = limits
    }

    /// How far the projects that somebody listens to have been read.
    var positions: [ProjectID: StreamPosition] { feeds.mapValues(\.position) }

    /// A new listener. It hears whatever is published from here on.
    ///
    /// - Parameter position: a place in the project's events from which on to read, where nobody listens yet.
    /// - Throws: 429 or 503 where there are as many as there may be.
    mutating func join(
        _ project: ProjectID,
        as caller: CallerID,
        at position: StreamPosition
    ) throws(APIError) -> (number: Int, signals: AsyncStream<EventSignal>) {
        guard !isOver else { throw .unavailable("this replica ends") }
        guard byCaller[caller, default: 0] < limits.perCaller else { throw .tooManyStreamsOfCaller(limits.perCaller) }
        guard count < limits.total else { throw .tooManyStreams(limits.total) }
        let (signals, continuation) = AsyncStream.makeStream(
            of: EventSignal.self,
            bufferingPolicy: .bufferingOldest(Self.signalsKept)
        )
        lastNumber += 1
        count += 1
        byCaller[caller, default: 0] += 1
        feeds[project, default: Feed(position: position)].listeners[lastNumber] = Listener(
            caller: caller,
            signals: continuation
        )
        return (lastNumber, signals)
    }

    mutating func leave(_ project: ProjectID, _ number: Int) {
        guard let listener = feeds[project]?.listeners.removeValue(forKey: number) else { return }
        if feeds[project]?.listeners.isEmpty == true { feeds[project] = nil }
        count -= 1
        let left = byCaller[listener.caller, default: 0] - 1
        byCaller[listener.caller] = left > 0 ? left : nil
        listener.signals.finish()
    }

    /// Notes that a project has been read on, behind a place. Who listens has to be handed that; nobody where this is not how
    /// far the project has been read. Who comes meanwhile reads it.
    ///
    /// - Parameter isWhole: whether no event behind the place is missing. Where one may be, those who listen have their
    ///   streams ended.
    mutating func publish(
        _ batch: EventBatch,
        to project: ProjectID,
        readAfter position: StreamPosition,
        isWhole: Bool = true
    ) -> [Delivery] {
        guard let feed = feeds[project], feed.position == position else { return [] }
        feeds[project]?.position = batch.last
        return feed.listeners.values.map { Delivery(listener: $0, signal: isWhole ? .events(batch) : .missed) }
    }

    /// Ticks those whose turn it is.
    func tick(turn: Int) {
        for feed in feeds.values {
            for (number, listener) in feed.listeners where number % Self.turns == turn % Self.turns {
                Self.send(.tick, to: listener)
            }
        }
    }

    /// Ends all streams; there will be no others.
    mutating func end() {
        isOver = true
        for listener in feeds.values.flatMap(\.listeners.values) {
            Self.send(.restart, to: listener)
            listener.signals.finish()
        }
    }

    private static func send(_ signal: EventSignal, to listener: Listener) {
        if case .dropped = listener.signals.yield(signal) { listener.signals.finish() }
    }
}

extension APIError {
    fileprivate static func tooManyStreamsOfCaller(_ limit: Int) -> APIError {
        tooManyRequests("you have \(limit) streams of events at this replica, as many as there may be")
    }

    fileprivate static func tooManyStreams(_ limit: Int) -> APIError {
        unavailable("this replica has \(limit) streams of events, as many as there may be", retryAfter: .seconds(5))
    }
}
