/// How to reach a RabbitMQ broker, and the limits of one connection.
public struct AMQPConfiguration: Sendable {
    /// Host name or IP address.
    public var host: String
    /// TCP port.
    public var port: Int
    /// User name.
    public var user: String
    /// Password.
    public var password: String
    /// Virtual host.
    public var vhost: String
    /// TLS, or `nil` for a connection in the clear.
    public var tls: AMQPTLS?
    /// Interval of heartbeats, in whole seconds. A peer silent for twice as long is regarded as gone.
    public var heartbeat: Duration = .seconds(5)
    /// Time for the TCP and TLS connection, and again for the AMQP handshake.
    public var connectTimeout: Duration = .seconds(5)
    /// Time for a request (declare, get, depth, ...), including the wait for a connection.
    public var rpcTimeout: Duration = .seconds(10)
    /// How long a message may wait to be sent: for a connection, for a blocked broker, for its turn.
    public var publishTimeout: Duration = .seconds(10)
    /// How long a message that was sent may wait for its confirmation.
    public var confirmTimeout: Duration = .seconds(30)
    /// Messages sent but not confirmed, at most.
    public var maximumUnconfirmed = 8_192
    /// Messages and requests taken from callers but not answered, at most; beyond that they are refused at once.
    public var maximumWaiting = 65_536
    /// Bytes of a body taken from the broker; a larger one is discarded (see ``AMQPDelivery/isOversized``).
    public var maximumBodyBytes = 80 << 20

    /// A configuration with the default limits.
    public init(
        host: String = "localhost",
        port: Int = 5672,
        user: String,
        password: String,
        vhost: String = "/",
        tls: AMQPTLS? = nil
    ) {
        self.host = host
        self.port = port
        self.user = user
        self.password = password
        self.vhost = vhost
        self.tls = tls
    }
}

/// TLS towards the broker: version 1.2 or later, the certificate verified against trusted ones and the host's name.
public struct AMQPTLS: Hashable, Sendable {
    /// A PEM file of the certificates to trust; `nil` for the system's.
    public var caFile: String?

    /// Verification against a file of certificates, or against the system's.
    public init(caFile: String? = nil) {
        self.caFile = caFile
    }
}

extension AMQPConfiguration {
    /// The heartbeat as the protocol has it; 0 there would turn it off.
    var heartbeatSeconds: Int { max(1, Int(clamping: heartbeat.components.seconds)) }
}

extension Duration {
    var wholeMilliseconds: Int64 { components.seconds * 1_000 + components.attoseconds / 1_000_000_000_000_000 }
}

extension AMQPConfiguration: CustomStringConvertible {
    /// The address without the password.
    public var description: String {
        "\(tls == nil ? "amqp" : "amqps")://\(user)@\(host):\(port)\(vhost == "/" ? "" : "/\(vhost)")"
    }
}
