import AMQPClient
import Foundation
import Glibc
import TestCertificates
import Testing

/// A RabbitMQ node of a test's own, with its own epmd, to be killed and started again.
final class RabbitMQProcess {
    /// Debian's `/usr/sbin/rabbitmq-server` switches to another user; this one runs as its caller.
    private static let programs = "/usr/lib/rabbitmq/bin"

    /// Where it listens on 127.0.0.1; the same after a restart.
    let port: Int
    /// Where it listens for TLS, given certificates.
    let tlsPort: Int
    private let folder: URL
    private let environment: [String: String]
    private let portMapper: ChildProcess
    private var node: ChildProcess
    private var isRunning = true

    /// Runs a node for as long as the body takes; its data are gone afterwards.
    static func withBroker<Result>(
        certificates: TestCertificates? = nil,
        _ body: (RabbitMQProcess) async throws -> Result
    ) async throws -> Result {
        let folder = FileManager.default.temporaryDirectory.appendingPathComponent("rabbitmq-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        let broker = try RabbitMQProcess(folder: folder, certificates: certificates)
        do {
            try await broker.waitUntilReady()
            let result = try await body(broker)
            await broker.end()
            return result
        } catch {
            await broker.end()
            throw error
        }
    }

    private init(folder: URL, certificates: TestCertificates?) throws {
        self.folder = folder
        port = try Self.freePort()
        tlsPort = try Self.freePort()
        let mapperPort = try Self.freePort()
        let configuration = folder.appendingPathComponent("rabbitmq.conf")
        try Data(Self.settings(tlsPort: tlsPort, certificates).utf8).write(to: configuration)
        try Data("[].".utf8).write(to: folder.appendingPathComponent("plugins"))
        environment = [
            "PATH": "/usr/bin:/bin", "HOME": folder.path, "LANG": "C.UTF-8",
            "ERL_EPMD_ADDRESS": "127.0.0.1", "ERL_EPMD_PORT": "\(mapperPort)",
            "RABBITMQ_NODENAME": "test@localhost", "RABBITMQ_NODE_PORT": "\(port)",
            "RABBITMQ_NODE_IP_ADDRESS": "127.0.0.1", "RABBITMQ_DIST_PORT": "\(try Self.freePort())",
            "RABBITMQ_MNESIA_BASE": folder.appendingPathComponent("mnesia").path,
            "RABBITMQ_LOG_BASE": folder.appendingPathComponent("log").path,
            "RABBITMQ_PID_FILE": folder.appendingPathComponent("pid").path,
            "RABBITMQ_ENABLED_PLUGINS_FILE": folder.appendingPathComponent("plugins").path,
            "RABBITMQ_CONFIG_FILE": configuration.path,
        ]
        portMapper = try Self.launch("/usr/bin/epmd", ["-port", "\(mapperPort)", "-address", "127.0.0.1"], environment)
        node = try Self.launch("\(Self.programs)/rabbitmq-server", [], environment)
    }

    private static func settings(tlsPort: Int, _ certificates: TestCertificates?) -> String {
        guard let certificates else { return "" }
        return """
            listeners.ssl.1 = 127.0.0.1:\(tlsPort)
            ssl_options.cacertfile = \(certificates.caFile)
            ssl_options.certfile = \(certificates.certificateFile)
            ssl_options.keyfile = \(certificates.keyFile)
            ssl_options.verify = verify_none

            """
    }

    /// How to reach it.
    var configuration: AMQPConfiguration {
        AMQPConfiguration(host: "localhost", port: port, user: "guest", password: "guest")
    }

    /// Ends the node at once, as a crash would.
    ///
    /// The script that started it is ended too: children inherit a mask that blocks almost all signals, so it never
    /// learns that its node is gone.
    func kill() async throws {
        try signal(SIGKILL)
        node.kill()
        _ = await node.status()
        isRunning = false
    }

    /// Sends the node a signal.
    func signal(_ signal: Int32) throws {
        let text = try String(contentsOf: folder.appendingPathComponent("pid"), encoding: .utf8)
        let processIdentifier = try #require(pid_t(text.trimmingCharacters(in: .whitespacesAndNewlines)))
        Glibc.kill(processIdentifier, signal)
    }

    /// Starts the node again, with its data, after ``kill()``.
    func restart() async throws {
        node = try Self.launch("\(Self.programs)/rabbitmq-server", [], environment)
        isRunning = true
        try await waitUntilReady()
    }

    /// Runs `rabbitmqctl` with these arguments.
    func control(_ arguments: String...) async throws {
        let control = try Self.launch("\(Self.programs)/rabbitmqctl", ["-q"] + arguments, environment)
        let status = await control.status()
        try #require(status == 0, "rabbitmqctl \(arguments) failed")
    }

    private func end() async {
        if isRunning { try? await kill() }
        portMapper.kill()
        _ = await portMapper.status()
    }

    private func waitUntilReady() async throws {
        try await AMQPTesting.withConnection(configuration) { connection in
            try await AMQPTesting.eventually(
                "rabbitmq-server does not start: apt-get install rabbitmq-server",
                within: .seconds(90)
            ) { connection.isConnected }
        }
    }

    /// Starts a program with this environment and no other.
    private static func launch(
        _ program: String,
        _ arguments: [String],
        _ environment: [String: String]
    ) throws -> ChildProcess {
        try ChildProcess("env", ["-i"] + environment.map { "\($0.key)=\($0.value)" } + [program] + arguments)
    }

    /// A loopback port that is free at this moment.
    private static func freePort() throws -> Int {
        let descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        defer { close(descriptor) }
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_addr.s_addr = inet_addr("127.0.0.1")
        var length = socklen_t(MemoryLayout<sockaddr_in>.size)
        let status = withUnsafeMutablePointer(to: &address) {
            $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                bind(descriptor, $0, length) + getsockname(descriptor, $0, &length)
            }
        }
        try #require(status == 0, "no free port")
        return Int(UInt16(bigEndian: address.sin_port))
    }
}
