import AddressSpace
import Logging
import NameResolution

let silentLogger = Logger(label: "test", factory: { _ in SwiftLogNoOpLogHandler() })

/// Runs a resolver for as long as `body` takes.
func withResolver<Value: Sendable>(
    _ configuration: NameResolverConfiguration,
    _ body: (NameResolver) async throws -> Value
) async throws -> Value {
    let resolver = try NameResolver(configuration: configuration, logger: silentLogger)
    return try await withThrowingTaskGroup(of: Void.self) { group in
        group.addTask { try await resolver.run() }
        defer { group.cancelAll() }
        return try await body(resolver)
    }
}

/// A name server that answers with `handler`, and a resolver that asks it, for as long as `body` takes.
func withServer<Value: Sendable>(
    timeout: Duration = .seconds(2),
    tries: Int = 3,
    maximumConcurrent: Int = 1024,
    answering handler: @escaping @Sendable (LoopbackDNSServer.Question) -> LoopbackDNSServer.Reply,
    _ body: (LoopbackDNSServer, NameResolver) async throws -> Value
) async throws -> Value {
    let server = try LoopbackDNSServer(handler)
    defer { server.stop() }
    let configuration = NameResolverConfiguration(
        servers: [server.address],
        timeout: timeout,
        tries: tries,
        maximumConcurrent: maximumConcurrent
    )
    return try await withResolver(configuration) { try await body(server, $0) }
}

extension Resolution {
    var isNotFound: Bool {
        if case .notFound = self { true } else { false }
    }

    var isUnavailable: Bool {
        if case .unavailable = self { true } else { false }
    }

    var isUnanswered: Bool {
        if case .unanswered = self { true } else { false }
    }
}

/// What becomes of many names that are asked for at once.
func resolveAll(_ names: [String], by resolver: NameResolver) async -> [String: Resolution] {
    await withTaskGroup(of: (String, Resolution).self) { group in
        for name in names {
            group.addTask { (name, await resolver.resolve(name, families: [.v4])) }
        }
        return await group.reduce(into: [:]) { $0[$1.0] = $1.1 }
    }
}
