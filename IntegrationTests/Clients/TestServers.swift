import Foundation

/// The servers that `scripts/test integration` starts, or that somebody named before calling it.
///
/// Tests share them with each other, so each uses names of its own.
enum TestServers {
    /// A Redis server, from `redis://[[user]:password@]host[:port][/database]`.
    struct Redis {
        var host: String
        var port: Int
        var user: String?
        var password: String?
        var database: Int
    }

    /// A RabbitMQ server, from `amqp://[user:password@]host[:port][/vhost]`.
    struct RabbitMQ {
        var host: String
        var port: Int
        var user: String
        var password: String
        var vhost: String
    }

    /// The Redis server of `TASKER_TEST_REDIS_URL`.
    static func redis() throws -> Redis {
        let (url, host) = try address(in: "TASKER_TEST_REDIS_URL")
        return Redis(
            host: host,
            port: url.port ?? 6379,
            user: url.user.flatMap { $0.isEmpty ? nil : $0 },
            password: url.password,
            database: Int(url.path.dropFirst()) ?? 0
        )
    }

    /// The RabbitMQ server of `TASKER_TEST_RABBITMQ_URL`.
    static func rabbitMQ() throws -> RabbitMQ {
        let (url, host) = try address(in: "TASKER_TEST_RABBITMQ_URL")
        let vhost = String(url.path.dropFirst())
        return RabbitMQ(
            host: host,
            port: url.port ?? 5672,
            user: url.user ?? "guest",
            password: url.password ?? "guest",
            vhost: vhost.isEmpty ? "/" : vhost
        )
    }

    private static func address(in variable: String) throws -> (url: URLComponents, host: String) {
        guard let text = ProcessInfo.processInfo.environment[variable] else {
            throw TestServerError(description: "\(variable) is not set: `scripts/test integration` sets it")
        }
        guard let url = URLComponents(string: text), let host = url.host, !host.isEmpty else {
            throw TestServerError(description: "\(variable) is not a URL with a host: \(text)")
        }
        return (url, host.trimmingCharacters(in: ["[", "]"]))
    }
}

/// A server that tests need is not there.
struct TestServerError: Error, CustomStringConvertible {
    var description: String
}
