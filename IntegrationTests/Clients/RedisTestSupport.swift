import Foundation
import Logging
import NIOCore
import NIOPosix
import RedisClient
import Testing

/// What the tests of RedisClient share.
enum RedisTesting {
    /// A configuration for the shared server, with a client name of its own, and patient on a busy machine.
    static func sharedServer() throws -> RedisConfiguration {
        let server = try TestServers.redis()
        return RedisConfiguration(
            host: server.host,
            port: server.port,
            username: server.user,
            password: server.password,
            database: server.database,
            clientName: "test-\(UUID().uuidString)",
            commandTimeout: .seconds(20),
            connectionWait: .seconds(20)
        )
    }

    /// Runs a client for as long as the body takes.
    static func withClient<Result>(
        _ configuration: RedisConfiguration,
        _ body: (RedisClient) async throws -> Result
    ) async throws -> Result {
        let logger = Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }
        let client = RedisClient(configuration: configuration, logger: logger)
        return try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { try await client.run() }
            let result = try await body(client)
            group.cancelAll()
            try await group.waitForAll()
            return result
        }
    }

    /// Waits until a client is connected.
    static func connect(_ client: RedisClient) async throws {
        try await eventually("no connection") { client.isConnected }
    }

    /// Waits until something holds, and fails the test when it does not come to hold in ten seconds.
    static func eventually(
        _ what: Comment,
        sourceLocation: SourceLocation = #_sourceLocation,
        _ condition: () async throws -> Bool
    ) async throws {
        let deadline = ContinuousClock.now + .seconds(10)
        while try await !condition() {
            try #require(ContinuousClock.now < deadline, what, sourceLocation: sourceLocation)
            try await Task.sleep(for: .milliseconds(10))
        }
    }

    /// The code of the error that an operation throws; nil where it throws none.
    static func code(of operation: () async throws -> Void) async -> RedisError.Code? {
        do {
            try await operation()
            return nil
        } catch {
            return (error as? RedisError)?.code
        }
    }

    /// A loopback port that is free at this moment.
    static func freePort() async throws -> Int {
        let channel = try await ServerBootstrap(group: MultiThreadedEventLoopGroup.singleton)
            .bind(host: "127.0.0.1", port: 0).get()
        let port = try #require(channel.localAddress?.port)
        try await channel.close()
        return port
    }
}
