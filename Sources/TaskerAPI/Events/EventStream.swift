import Foundation
import Hummingbird
import NIOCore
import ScanModel
import ScanStore
import Synchronization

/// The events of one project on their way to one caller: where to begin, and what to write.
final class EventStream: Sendable {
    /// How many scans a snapshot has.
    static let snapshotScans = 100
    /// How long a connection may be without a byte.
    static let silence = Duration.seconds(8)

    /// Why a stream ends.
    enum Ending: String, Sendable {
        /// The token does not open the project any more.
        case unauthorized
        /// Nobody can say whether it does.
        case unavailable
        /// The replica ends.
        case restart
        /// Events were forgotten before this replica read them.
        case missed
        /// The caller reads too slowly.
        case slow
    }

    let project: ProjectID
    let store: any ScanKeeping
    /// Looks whether the caller may still listen; nil: it may.
    let objection: @Sendable () async -> Ending?
    private let subscription: EventHub.Subscription
    /// The last event that the caller knows.
    private let start: StreamPosition
    /// What the caller is told first; nil once it has been, for it may be large.
    private let opening: Mutex<String?>

    /// Begins to listen.
    ///
    /// - Parameter lastEventID: the last event that the caller had.
    /// - Throws: where there are as many streams as there may be, or nothing can be read.
    init(
        of access: ProjectAccess,
        lastEventID: StreamPosition?,
        hub: EventHub,
        store: any ScanKeeping,
        objection: @escaping @Sendable () async -> Ending?
    ) async throws {
        project = access.project
        self.store = store
        self.objection = objection
        let history = try await store.eventHistory(of: project)
        subscription = try hub.subscribe(to: project, as: access.caller, at: history.last)
        if let lastEventID, history.reaches(back: lastEventID) {
            start = lastEventID
            opening = Mutex(EventText.preamble)
        } else {
            // Read after the place of the last event: it may show more than that event, never less.
            let scans = try await store.scans(of: project, limit: Self.snapshotScans)
            start = history.last
            opening = Mutex(EventText.preamble + EventText.event("snapshot", try Self.text(scans), id: history.last))
        }
    }

    /// Writes until the caller goes or may not listen any more.
    func write(to body: inout some ResponseBodyWriter) async throws {
        if let opening = opening.withLock({ $0.take() }) { try await body.write(ByteBuffer(string: opening)) }
        let ending =
            if let position = try await catchUp(writingTo: &body) {
                try await follow(from: position, writingTo: &body)
            } else {
                Ending.missed
            }
        try await body.write(ByteBuffer(string: EventText.event("close", #"{"reason":"\#(ending.rawValue)"}"#)))
        try await body.finish(nil)
    }

    /// Writes what has happened since the last event that the caller knows.
    ///
    /// - Returns: the place of the last one; nil where some were forgotten meanwhile.
    private func catchUp(writingTo body: inout some ResponseBodyWriter) async throws -> StreamPosition? {
        var position = start
        var page: [ProjectEvent]
        repeat {
            page = try await store.events(after: [project: position])[project] ?? []
            guard !page.isEmpty else { break }
            guard try await store.eventHistory(of: project).reaches(back: position) else { return nil }
            let batch = EventBatch(page)
            if let bytes = batch.bytes(after: position) { try await body.write(bytes) }
            position = batch.last
        } while page.count >= ScanStore.eventsPerRead
        return position
    }

    private func follow(
        from start: StreamPosition,
        writingTo body: inout some ResponseBodyWriter
    ) async throws -> Ending {
        var position = start
        var lastWrite = ContinuousClock.now
        for await signal in subscription.signals {
            switch signal {
            case .events(let batch):
                guard let bytes = batch.bytes(after: position) else { continue }
                try await body.write(bytes)
                position = batch.last
            case .tick:
                if let ending = await objection() { return ending }
                guard lastWrite.duration(to: .now) > Self.silence else { continue }
                try await body.write(ByteBuffer(string: EventText.keepAlive))
            case .missed:
                return .missed
            case .restart:
                return .restart
            }
            lastWrite = .now
        }
        return .slow
    }

    private static func text(_ scans: [ScanProgress]) throws -> String {
        let encoder = JSONEncoder()
        encoder.outputFormatting = .withoutEscapingSlashes
        return String(
            decoding: try encoder.encode(ScanListAnswer(scans: scans.map(ScanAnswer.init(_:)))),
            as: UTF8.self
        )
    }
}
