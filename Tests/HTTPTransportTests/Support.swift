import HTTPTransport
import Logging

/// Runs a transport for as long as `body` takes.
func withTransport<Value: Sendable>(
    _ configuration: HTTPTransportConfiguration = HTTPTransportConfiguration(),
    logger: Logger = Logger(label: "test", factory: { _ in SwiftLogNoOpLogHandler() }),
    _ body: (HTTPTransport) async throws -> Value
) async throws -> Value {
    let transport = try HTTPTransport(configuration: configuration, logger: logger)
    return try await withThrowingTaskGroup(of: Void.self) { group in
        group.addTask { try await transport.run() }
        defer { group.cancelAll() }
        return try await body(transport)
    }
}

/// A server that answers with `handler`, and a transport to ask it, for as long as `body` takes.
func withServer<Value: Sendable>(
    _ configuration: HTTPTransportConfiguration = HTTPTransportConfiguration(),
    answering handler: @escaping @Sendable (LoopbackHTTPServer.Request) -> LoopbackHTTPServer.Reply,
    _ body: (LoopbackHTTPServer, HTTPTransport) async throws -> Value
) async throws -> Value {
    let server = try LoopbackHTTPServer(handler)
    defer { server.stop() }
    return try await withTransport(configuration) { try await body(server, $0) }
}

/// The error of a request that must fail.
func failure(
    of transport: some HTTPSending,
    _ request: HTTPTransportRequest
) async -> HTTPTransportError? {
    do throws(HTTPTransportError) {
        _ = try await transport.send(request)
        return nil
    } catch {
        return error
    }
}
