public import AMQPMessages
public import Foundation
import UUIDText

/// Workers' answers to a control command.
public struct ControlReply: Hashable, Sendable {
    /// What one worker said.
    public struct Answer: Hashable, Sendable {
        /// The worker's name, such as `nmap_scan_queue@worker-1`.
        public let worker: String
        /// JSON of what it said, not yet decoded.
        public let payload: [UInt8]
    }

    /// The longest body taken. A worker that holds 50,000 revoked ids answers 2 MB.
    public static let maximumBodyLength = 16 << 20

    /// The ticket of the command that is answered.
    public let ticket: UUID?
    /// The answers; workers send one message each.
    public let answers: [Answer]

    /// Reads a delivery's body and properties.
    public init(decoding body: [UInt8], properties: AMQPProperties) throws(CeleryDecodingError) {
        try CeleryJSON.check(body, properties, limit: Self.maximumBodyLength)
        let members = try JSONObjectMembers(of: body)
        ticket = properties.headers?["ticket"]?.stringValue.flatMap(UUID.init(text:))
        var answers: [Answer] = []
        for (worker, range) in members.ranges {
            answers.append(Answer(worker: try WorkerName.check(worker), payload: Array(body[range])))
        }
        self.answers = answers.sorted { $0.worker < $1.worker }
    }
}

extension ControlReply.Answer {
    /// What a command without a result of its own answers, such as `pong`.
    public func acknowledgement() throws(CeleryDecodingError) -> String {
        try decode([String: String].self)["ok"] ?? ""
    }

    /// The ids in an answer to `active` or `reserved`. Ids that are no UUIDs are left out: other applications'.
    public func taskIDs() throws(CeleryDecodingError) -> [UUID] {
        try decode([Request].self).compactMap { UUID(text: $0.id) }
    }

    /// The ids in an answer to `revoked`.
    public func revokedTaskIDs() throws(CeleryDecodingError) -> [UUID] {
        try decode([String].self).compactMap(UUID.init(text:))
    }

    /// How many tasks the worker runs at a time, from an answer to `stats`.
    public func maximumConcurrency() throws(CeleryDecodingError) -> Int {
        let count = try decode(Statistics.self).pool.maximumConcurrency
        guard (0...100_000).contains(count) else {
            throw CeleryDecodingError(.malformed, "a pool of \(count) processes")
        }
        return count
    }

    /// The names of the tasks the worker knows, from an answer to `registered`.
    public func registeredTasks() throws(CeleryDecodingError) -> Set<String> {
        let descriptions = try decode([String].self)
        return Set(descriptions.compactMap { $0.split(separator: " ", maxSplits: 1).first.map(String.init) })
    }

    /// The queues the worker takes tasks from, from an answer to `active_queues`.
    public func queues() throws(CeleryDecodingError) -> Set<String> {
        Set(try decode([Queue].self).map(\.name))
    }

    private func decode<Value: Decodable>(_ type: Value.Type) throws(CeleryDecodingError) -> Value {
        if payload.first == UInt8(ascii: "{"),
            let error = try JSONObjectMembers(of: payload).decodeIfPresent("error", as: String.self)
        {
            throw CeleryDecodingError(.workerError, "\(worker) answered: \(error.prefix(500))")
        }
        return try CeleryJSON.decode(type, from: payload)
    }

    private struct Request: Decodable {
        let id: String
    }

    private struct Queue: Decodable {
        let name: String
    }

    private struct Statistics: Decodable {
        struct Pool: Decodable {
            let maximumConcurrency: Int

            private enum CodingKeys: String, CodingKey {
                case maximumConcurrency = "max-concurrency"
            }
        }

        let pool: Pool
    }
}
