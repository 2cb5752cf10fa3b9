public import AMQPMessages
public import Foundation
import UUIDText

/// A remote control command to workers.
///
/// Fields as `kombu.pidbox` writes them and `celery.worker.control` reads them; see also the captures.
public enum ControlMessage: Hashable, Sendable {
    /// What a worker can be asked about itself.
    public enum Inspection: String, CaseIterable, Hashable, Sendable {
        /// The tasks it is working on, without their arguments.
        case active
        /// The tasks it has taken and not begun.
        case reserved
        /// Its figures, the size of its pool among them.
        case stats
        /// The tasks it knows by name.
        case registered
        /// The task ids it refuses.
        case revoked
        /// The queues it takes tasks from.
        case activeQueues = "active_queues"
    }

    /// How a worker ends the process of a revoked task.
    public enum Signal: String, Hashable, Sendable {
        /// The process may clean up.
        case terminate = "SIGTERM"
        /// The process ends at once.
        case kill = "SIGKILL"
    }

    /// Where workers send their answers.
    public struct ReplyAddress: Hashable, Sendable {
        /// The exchange, usually ``CeleryNames/controlReplies``.
        public var exchange: String
        /// The routing key of the asker's queue.
        public var routingKey: String

        /// An address.
        public init(exchange: String = CeleryNames.controlReplies.name, routingKey: String) {
            self.exchange = exchange
            self.routingKey = routingKey
        }
    }

    /// Are you there?
    case ping
    /// Send task events from now on.
    case enableEvents
    /// Refuse these tasks; with `terminate`, also end those that run, by the signal.
    case revoke([UUID], terminate: Bool, signal: Signal = .terminate)
    /// Tell about yourself.
    case inspect(Inspection)

    /// The message for every worker, or those of `destination`.
    ///
    /// - Parameters:
    ///   - ticket: What the answers repeat; no answer is asked for without it and `replyTo`.
    ///   - replyTo: Where answers go.
    ///   - destination: Names of the workers meant, or `nil` for all.
    ///   - expires: When the answers stop being of use.
    ///   - clock: The sender's logical clock.
    public func message(
        ticket: UUID? = nil,
        replyTo: ReplyAddress? = nil,
        destination: [String]? = nil,
        expires: Date? = nil,
        clock: UInt32
    ) -> AMQPMessage {
        AMQPMessage(
            exchange: CeleryNames.control.name,
            routingKey: "",
            properties: AMQPProperties(
                contentType: CeleryJSON.contentType,
                contentEncoding: CeleryJSON.contentEncoding,
                headers: [
                    "clock": .int(Int64(clock)),
                    "expires": expires.map { .double($0.timeIntervalSince1970) } ?? 0,
                ],
                deliveryMode: .persistent,
                priority: 0
            ),
            body: Array(body(ticket: ticket, replyTo: replyTo, destination: destination).utf8),
            isMandatory: false
        )
    }

    private func body(ticket: UUID?, replyTo: ReplyAddress?, destination: [String]?) -> String {
        let destination = destination.map(JSONText.list) ?? "null"
        var body = #"{"method":"\#(method)","arguments":{\#(arguments)},"destination":\#(destination)"#
        body += #","pattern":null,"matcher":null"#
        if let ticket, let replyTo {
            let exchange = JSONText.quoted(replyTo.exchange)
            let routingKey = JSONText.quoted(replyTo.routingKey)
            body += #","ticket":"\#(ticket.text)""#
            body += #","reply_to":{"exchange":\#(exchange),"routing_key":\#(routingKey)}"#
        }
        return body + "}"
    }

    private var method: String {
        switch self {
        case .ping: "ping"
        case .enableEvents: "enable_events"
        case .revoke: "revoke"
        case .inspect(let inspection): inspection.rawValue
        }
    }

    private var arguments: String {
        switch self {
        case .revoke(let ids, let terminate, let signal):
            #""task_id":\#(JSONText.list(ids.map(\.text)))"#
                + #","terminate":\#(terminate),"signal":"\#(signal.rawValue)""#
        case .inspect(.active):
            #""safe":true"#
        case .ping, .enableEvents, .inspect:
            ""
        }
    }
}
