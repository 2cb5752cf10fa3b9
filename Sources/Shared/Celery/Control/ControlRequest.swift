public import AMQPMessages
public import Foundation
import UUIDText

/// A command that somebody sent to all workers, seen by a party that is no worker but listens with them.
///
/// A worker that starts asks, by `hello`, which tasks are to be refused: the reference worker asks coordinators and waits
/// for an answer, Celery's `mingle` asks everybody. Answering it is how a task stays stopped although its worker forgot
/// everything in a restart.
public struct ControlRequest: Hashable, Sendable {
    /// The longest body taken.
    public static let maximumBodyLength = 16 << 20

    /// The command's name.
    public let method: String
    /// The names of those who are meant, or `nil` for all.
    public let destination: [String]?
    /// What an answer repeats.
    public let ticket: UUID?
    /// Where an answer goes, or `nil` where none is expected.
    public let replyTo: ControlMessage.ReplyAddress?
    private let arguments: [UInt8]

    /// Reads a delivery's body and properties.
    public init(decoding body: [UInt8], properties: AMQPProperties) throws(CeleryDecodingError) {
        try CeleryJSON.check(body, properties, limit: Self.maximumBodyLength)
        let members = try JSONObjectMembers(of: body)
        method = try members.decode("method", as: String.self)
        destination = try members.decodeIfPresent("destination", as: [String].self)
        ticket = try members.decodeIfPresent("ticket", as: UUID.self)
        replyTo = try members.decodeIfPresent("reply_to", as: ReplyTo.self)?.address
        arguments = Array(members["arguments"] ?? [])
    }

    /// Whether it is meant for coordinators, and no others.
    public var isForCoordinators: Bool { destination == [CeleryNames.coordinator] }

    /// The worker that says `hello`, or `nil` for another command.
    public func greetingWorker() throws(CeleryDecodingError) -> String? {
        guard method == "hello" else { return nil }
        return try WorkerName.check(try CeleryJSON.decode(Hello.self, from: arguments).fromNode)
    }

    /// The answer to a `hello`: the ids which the new worker is to refuse. `nil` where no answer is expected.
    ///
    /// - Parameters:
    ///   - node: The name under which Tasker answers; any that no worker has.
    ///   - revoked: The ids, the oldest first: a worker keeps the last 50,000.
    ///   - clock: The sender's logical clock.
    public func greeting(from node: String, revoked: [UUID], clock: UInt32) -> AMQPMessage? {
        guard let replyTo, let ticket else { return nil }
        let ids = JSONText.list(revoked.map(\.text))
        return AMQPMessage(
            exchange: replyTo.exchange,
            routingKey: replyTo.routingKey,
            properties: AMQPProperties(
                contentType: CeleryJSON.contentType,
                contentEncoding: CeleryJSON.contentEncoding,
                headers: ["ticket": .string(ticket.text), "clock": .int(Int64(clock))],
                deliveryMode: .transient,
                priority: 0
            ),
            body: Array(#"{\#(JSONText.quoted(node)):{"revoked":\#(ids),"clock":\#(clock)}}"#.utf8),
            isMandatory: false
        )
    }

    private struct ReplyTo: Decodable {
        let address: ControlMessage.ReplyAddress

        init(from decoder: any Decoder) throws {
            let container = try decoder.container(keyedBy: CodingKeys.self)
            address = ControlMessage.ReplyAddress(
                exchange: try container.decode(String.self, forKey: .exchange),
                routingKey: try container.decode(String.self, forKey: .routingKey)
            )
        }

        private enum CodingKeys: String, CodingKey {
            case exchange
            case routingKey = "routing_key"
        }
    }

    private struct Hello: Decodable {
        let fromNode: String

        private enum CodingKeys: String, CodingKey {
            case fromNode = "from_node"
        }
    }
}
