import RedisClient

/// Who wants something done, as it is kept in a project's audit.
public struct Requester: Hashable, Sendable {
    /// The caller, by a shortened keyed hash of its token; never the token.
    public let caller: String
    /// The address that the request came from; nil where that is not known.
    public let address: String?
    /// The request's id, by which logs have it.
    public let request: String
    /// The request's place in a trace, for the scan that it starts; not kept in the audit.
    public let traceparent: String?

    /// A requester of the given parts.
    public init(caller: String, address: String?, request: String, traceparent: String? = nil) {
        self.caller = caller
        self.address = address
        self.request = request
        self.traceparent = traceparent
    }

    /// The arguments by which scripts take it.
    var arguments: [RedisArgument] { [.string(caller), .string(address ?? ""), .string(request)] }
}
