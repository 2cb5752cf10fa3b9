import Foundation
import NIOCore
import NIOPosix
import Testing

/// A `redis-server` of a test's own, to be killed and started again.
final class RedisServerProcess {
    /// Where it listens on 127.0.0.1; the same after a restart.
    let port: Int
    private let arguments: [String]
    private var process: ChildProcess
    private var isRunning = true

    /// Runs a server for as long as the body takes; its data are gone afterwards.
    ///
    /// - Parameters:
    ///   - isTLS: Whether it speaks TLS alone.
    ///   - options: Further command-line options.
    static func withServer<Result>(
        isTLS: Bool = false,
        options: [String] = [],
        _ body: (RedisServerProcess) async throws -> Result
    ) async throws -> Result {
        let folder = FileManager.default.temporaryDirectory.appendingPathComponent("redis-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        let port = try await RedisTesting.freePort()
        let listening = isTLS ? ["--port", "0", "--tls-port", "\(port)"] : ["--port", "\(port)"]
        let server = try RedisServerProcess(
            port: port,
            arguments: listening + [
                "--bind", "127.0.0.1", "--dir", folder.path, "--save", "", "--enable-debug-command", "yes",
            ] + options
        )
        do {
            try await server.waitUntilListening()
            let result = try await body(server)
            await server.kill()
            return result
        } catch {
            await server.kill()
            throw error
        }
    }

    private init(port: Int, arguments: [String]) throws {
        self.port = port
        self.arguments = arguments
        process = try ChildProcess("redis-server", arguments)
    }

    /// Ends the server at once, as a crash would, unless that has been done.
    func kill() async {
        guard isRunning else { return }
        isRunning = false
        process.kill()
        _ = await process.status()
    }

    /// Starts the server again, empty, after ``kill()``.
    func restart() async throws {
        isRunning = true
        process = try ChildProcess("redis-server", arguments)
        try await waitUntilListening()
    }

    private func waitUntilListening() async throws {
        try await RedisTesting.eventually("redis-server does not start: apt-get install redis-server") {
            let connecting = ClientBootstrap(group: MultiThreadedEventLoopGroup.singleton)
                .connect(host: "127.0.0.1", port: port)
            guard let channel = try? await connecting.get() else { return false }
            try await channel.close()
            return true
        }
    }
}
