/// A complete answer, whatever its status: an HTTP error status is not an error of the transport.
public struct HTTPTransportResponse: Hashable, Sendable {
    /// The status code.
    public var status: Int
    /// The header fields.
    public var headers: HTTPTransportHeaders
    /// The whole body.
    public var body: [UInt8]

    /// A response; see the properties.
    public init(status: Int, headers: HTTPTransportHeaders = [:], body: [UInt8] = []) {
        self.status = status
        self.headers = headers
        self.body = body
    }
}
