import AMQPClient
import AMQPMessages
import Foundation
import Logging
import Testing

/// What the tests of AMQPClient share.
enum AMQPTesting {
    /// A configuration for the shared broker.
    static func sharedBroker() throws -> AMQPConfiguration {
        let server = try TestServers.rabbitMQ()
        return AMQPConfiguration(
            host: server.host,
            port: server.port,
            user: server.user,
            password: server.password,
            vhost: server.vhost
        )
    }

    /// Runs a connection for as long as the body takes.
    static func withConnection<Result>(
        _ configuration: AMQPConfiguration? = nil,
        topology: AMQPTopology = AMQPTopology(),
        _ body: (AMQPConnection) async throws -> Result
    ) async throws -> Result {
        let connection = AMQPConnection(
            configuration: try configuration ?? sharedBroker(),
            name: "test",
            topology: topology,
            logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }
        )
        return try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { await connection.run() }
            let result = try await body(connection)
            group.cancelAll()
            try await group.waitForAll()
            return result
        }
    }

    /// Declares a queue of a new name for as long as the body takes.
    static func withQueue<Result>(
        on connection: AMQPConnection,
        arguments: AMQPTable = [:],
        _ body: (String) async throws -> Result
    ) async throws -> Result {
        let queue = AMQPQueue(name: uniqueName("queue"), arguments: arguments)
        try await connection.declare(AMQPTopology(queues: [queue]))
        let result: Result
        do {
            result = try await body(queue.name)
        } catch {
            _ = try? await connection.deleteQueue(queue.name)
            throw error
        }
        try await connection.deleteQueue(queue.name)
        return result
    }

    /// A name that no other test uses.
    static func uniqueName(_ kind: String) -> String {
        "test-\(kind)-\(UUID().uuidString)"
    }

    /// A persistent message for a queue.
    static func message(_ text: String, to queue: String) -> AMQPMessage {
        AMQPMessage(
            exchange: "",
            routingKey: queue,
            properties: AMQPProperties(deliveryMode: .persistent),
            body: Array(text.utf8)
        )
    }

    /// Waits until something holds, and fails the test when it does not come to hold in time.
    static func eventually(
        _ what: Comment,
        within patience: Duration = .seconds(20),
        sourceLocation: SourceLocation = #_sourceLocation,
        _ condition: () async throws -> Bool
    ) async throws {
        let deadline = ContinuousClock.now + patience
        while try await !condition() {
            try #require(ContinuousClock.now < deadline, what, sourceLocation: sourceLocation)
            try await Task.sleep(for: .milliseconds(20))
        }
    }
}

extension AMQPDelivery {
    /// The content as text.
    var text: String { String(decoding: body, as: UTF8.self) }
}

extension AMQPConsumer {
    /// The texts of the next deliveries, each acknowledged before the next is awaited.
    func acknowledgedTexts(_ count: Int, on connection: AMQPConnection) async -> [String] {
        var texts: [String] = []
        for await delivery in self {
            texts.append(delivery.text)
            connection.acknowledge([delivery])
            if texts.count == count { break }
        }
        return texts
    }
}
