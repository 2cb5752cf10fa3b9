public import AMQPMessages
public import Foundation
import UUIDText

/// What a worker reports about one task, as Celery's RPC backend publishes it.
public struct TaskResult: Hashable, Sendable {
    /// How the task ended.
    public enum Outcome: Hashable, Sendable {
        /// The function returned; the payload is the JSON of what it returned, not yet decoded.
        case success(payload: [UInt8])
        /// The function raised; the exception's class and text.
        case failure(type: String, message: String)
        /// The task was revoked: never started, or its process ended by a signal.
        case revoked(reason: String)
        /// A state that is not an end, such as `STARTED` or `RETRY`.
        case other(String)
    }

    /// The longest body taken: what a broker accepts by default.
    public static let maximumBodyLength = 128 << 20
    /// The longest failure taken, and the longest text of one kept.
    public static let maximumFailureLength = 1 << 20, maximumMessageLength = 2_000

    /// The task.
    public let taskID: UUID
    /// How it ended.
    public let outcome: Outcome

    /// Reads a delivery's body and properties.
    ///
    /// The payload of a success may be most of the body; it is cut out, and decoded only by ``decodePayload(as:)``.
    public init(decoding body: [UInt8], properties: AMQPProperties) throws(CeleryDecodingError) {
        try CeleryJSON.check(body, properties, limit: Self.maximumBodyLength)
        let members = try JSONObjectMembers(of: body)
        guard let id = UUID(text: try members.string("task_id")) else {
            throw CeleryDecodingError(.malformed, "the field \"task_id\" is no UUID")
        }
        taskID = id
        let status = try members.string("status")
        switch status {
        case "SUCCESS":
            outcome = .success(payload: Array(members["result"] ?? Self.noPayload))
        case "FAILURE":
            let exception = try Self.exception(in: members)
            outcome = .failure(type: exception.type, message: exception.message)
        case "REVOKED":
            outcome = .revoked(reason: try Self.exception(in: members).message)
        default:
            outcome = .other(String(status.prefix(Self.maximumMessageLength)))
        }
    }

    /// Decodes what the task returned. Throws for any outcome but a success.
    public func decodePayload<Payload: Decodable>(as type: Payload.Type) throws(CeleryDecodingError) -> Payload {
        guard case .success(let payload) = outcome else {
            throw CeleryDecodingError(.malformed, "the task did not succeed and has no payload")
        }
        return try CeleryJSON.decode(type, from: payload)
    }

    private static let noPayload = Array("null".utf8)[...]

    private static func exception(in members: JSONObjectMembers) throws(CeleryDecodingError) -> CeleryException {
        guard (members["result"]?.count ?? 0) <= maximumFailureLength else {
            throw CeleryDecodingError(.tooLarge, "a failure of more than \(maximumFailureLength) bytes")
        }
        return try members.decodeIfPresent("result", as: CeleryException.self) ?? CeleryException()
    }
}
