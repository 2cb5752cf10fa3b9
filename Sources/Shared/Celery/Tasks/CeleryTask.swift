public import AMQPMessages
public import Foundation
import UUIDText

/// One task for a worker, in version 2 of Celery's message protocol.
///
/// Building the message is the inner loop of dispatch: the headers that never change are built once, and the argument
/// arrives as JSON, so that one encoded for a first attempt serves the others as well.
///
/// Wire format: https://docs.celeryq.dev/en/stable/internals/protocol.html, and captures of a running worker's queue.
public struct CeleryTask: Hashable, Sendable {
    /// The task's identity, which results, events and revocations repeat.
    public var id: UUID
    /// The name under which workers registered the function, such as `project.nmap.scan`.
    public var name: String
    /// JSON of the function's only positional argument, or `nil` for a function without arguments.
    public var argument: [UInt8]?
    /// The queue for the result, or `nil` where none is wanted.
    public var replyTo: String?
    /// Who sends the task, for people who look at a worker.
    public var origin: String
    /// Whether the worker is told to send no result.
    public var isResultIgnored: Bool
    /// The task's place in a trace, as W3C's header of that name has it.
    public var traceparent: String?

    /// A task with an argument that is JSON already.
    public init(
        id: UUID,
        name: String,
        argument: [UInt8]?,
        replyTo: String? = nil,
        origin: String,
        isResultIgnored: Bool = false,
        traceparent: String? = nil
    ) {
        self.id = id
        self.name = name
        self.argument = argument
        self.replyTo = replyTo
        self.origin = origin
        self.isResultIgnored = isResultIgnored
        self.traceparent = traceparent
    }

    /// JSON of an argument, for ``argument``.
    public static func encode(_ argument: some Encodable) throws -> [UInt8] {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.withoutEscapingSlashes]
        return [UInt8](try encoder.encode(argument))
    }

    /// The message that asks for this task; persistent, so that a restart of the broker keeps it in a durable queue.
    public func message(exchange: String, routingKey: String) -> AMQPMessage {
        let id = id.text
        var headers = Self.constantHeaders
        headers["task"] = .string(name)
        headers["id"] = .string(id)
        headers["root_id"] = .string(id)
        headers["origin"] = .string(origin)
        headers["ignore_result"] = .bool(isResultIgnored)
        if let traceparent { headers["traceparent"] = .string(traceparent) }
        return AMQPMessage(
            exchange: exchange,
            routingKey: routingKey,
            properties: AMQPProperties(
                contentType: CeleryJSON.contentType,
                contentEncoding: CeleryJSON.contentEncoding,
                headers: headers,
                deliveryMode: .persistent,
                priority: 0,
                correlationID: id,
                replyTo: replyTo
            ),
            body: body
        )
    }

    /// `[positional arguments, keyword arguments, what follows]`.
    private var body: [UInt8] {
        let argument = argument ?? []
        var body: [UInt8] = []
        body.reserveCapacity(Self.bodyStart.count + argument.count + Self.bodyEnd.count)
        body += Self.bodyStart
        body += argument
        body += Self.bodyEnd
        return body
    }

    private static let bodyStart = Array("[[".utf8)
    private static let bodyEnd = Array(
        #"],{},{"callbacks":null,"errbacks":null,"chain":null,"chord":null}]"#.utf8
    )

    /// Every header in the order in which Celery writes them, those of one task with an empty value.
    ///
    /// `argsrepr` stays empty: a worker shows it in events and in its log, where a scan's target has no business.
    private static let constantHeaders: AMQPTable = [
        "lang": "py",
        "task": nil,
        "id": nil,
        "shadow": nil,
        "eta": nil,
        "expires": nil,
        "group": nil,
        "group_index": nil,
        "retries": 0,
        "timelimit": [nil, nil],
        "root_id": nil,
        "parent_id": nil,
        "argsrepr": "",
        "kwargsrepr": "{}",
        "origin": nil,
        "ignore_result": false,
        "replaced_task_nesting": 0,
        "stamped_headers": nil,
        "stamps": [:],
    ]
}
