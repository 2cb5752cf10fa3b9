public import AMQPMessages
import Foundation
import UUIDText

extension WorkerEvent {
    /// The longest body taken, and the most events in one. Celery sends batches of 24.
    public static let maximumBodyLength = 4 << 20, maximumCount = 1_000

    /// Reads a delivery's body and properties: one event, or the list that workers send as `task.multi`.
    public static func decode(
        _ body: [UInt8],
        properties: AMQPProperties
    ) throws(CeleryDecodingError) -> [WorkerEvent] {
        try CeleryJSON.check(body, properties, limit: maximumBodyLength)
        let isList = body.first { !" \t\r\n".utf8.contains($0) } == UInt8(ascii: "[")
        guard isList else {
            return [try WorkerEvent(try CeleryJSON.decode(WireEvent.self, from: body))]
        }
        let wireEvents = try CeleryJSON.decode([WireEvent].self, from: body)
        guard wireEvents.count <= maximumCount else {
            throw CeleryDecodingError(.tooLarge, "a list of \(wireEvents.count) events, more than \(maximumCount)")
        }
        var events: [WorkerEvent] = []
        for wireEvent in wireEvents {
            events.append(try WorkerEvent(wireEvent))
        }
        return events
    }

    private init(_ wire: WireEvent) throws(CeleryDecodingError) {
        worker = try WorkerName.check(wire.hostname)
        // Up to the year 3000, so that a time is a number of seconds that fits everywhere.
        guard (0...32_503_680_000).contains(wire.timestamp) else {
            throw CeleryDecodingError(.malformed, "a time out of bounds")
        }
        timestamp = wire.timestamp
        utcOffset = wire.utcoffset ?? 0
        kind =
            switch wire.type {
            case "worker-online": .online(WorkerStatus(wire))
            case "worker-heartbeat": .heartbeat(WorkerStatus(wire))
            case "worker-offline": .offline(WorkerStatus(wire))
            case "worker-ip": .address(try WorkerName.check(wire.ip ?? ""))
            default:
                if let task = try Self.taskEvent(wire) {
                    .task(task)
                } else {
                    .other(type: try WorkerName.check(wire.type))
                }
            }
    }

    private static func taskEvent(_ wire: WireEvent) throws(CeleryDecodingError) -> TaskEvent? {
        guard wire.type.hasPrefix("task-"),
            let transition = TaskEvent.Transition(rawValue: String(wire.type.dropFirst(5)))
        else { return nil }
        guard let uuid = wire.uuid else {
            throw CeleryDecodingError(.malformed, "the field \"uuid\" is missing")
        }
        return UUID(text: uuid).map {
            TaskEvent(
                id: $0,
                transition: transition,
                exception: wire.exception.map { String($0.prefix(TaskResult.maximumMessageLength)) },
                isTerminated: wire.terminated ?? false,
                isExpired: wire.expired ?? false
            )
        }
    }
}

extension WorkerStatus {
    fileprivate init(_ wire: WireEvent) {
        frequency = wire.freq
        active = wire.active
        processed = wire.processed
        loadAverage = Array((wire.loadavg ?? []).prefix(3))
        software = Self.shorten(wire.swIdent)
        softwareVersion = Self.shorten(wire.swVer)
        system = Self.shorten(wire.swSys)
    }

    private static func shorten(_ text: String?) -> String? {
        text.map { String($0.prefix(64)) }
    }
}

/// An event's fields under Celery's names.
private struct WireEvent: Decodable {
    let type: String
    let hostname: String
    let timestamp: Double
    let utcoffset: Double?
    let freq: Double?
    let active: Int?
    let processed: Int?
    let loadavg: [Double]?
    let swIdent: String?
    let swVer: String?
    let swSys: String?
    let ip: String?
    let uuid: String?
    let exception: String?
    let terminated: Bool?
    let expired: Bool?

    private enum CodingKeys: String, CodingKey {
        case type, hostname, timestamp, utcoffset, freq, active, processed, loadavg, ip, uuid, exception
        case terminated, expired
        case swIdent = "sw_ident"
        case swVer = "sw_ver"
        case swSys = "sw_sys"
    }
}
