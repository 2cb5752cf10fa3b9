/// Something that sends HTTP requests: the transport, or its stand-in in a test.
public protocol HTTPSending: Sendable {
    /// Sends a request and returns the whole answer, whatever its status. Redirects are answers too.
    func send(_ request: HTTPTransportRequest) async throws(HTTPTransportError) -> HTTPTransportResponse
}
