/// Where a Redis server is and how to talk to it.
public struct RedisConfiguration: Sendable {
    /// A name or an IP address.
    public var host: String
    /// The TCP port.
    public var port: Int
    /// The ACL user; nil for the default user.
    public var username: String?
    /// The password; nil where the server asks for none.
    public var password: String?
    /// The number of the database to select.
    public var database: Int
    /// TLS; nil for plain TCP.
    public var tls: RedisTLS?
    /// What the connections are called in `CLIENT LIST`; without spaces.
    public var clientName: String
    /// How long a command may take, from the call to its reply, unless the call says otherwise.
    public var commandTimeout: Duration
    /// How long a connection may take to open, and again to shake hands.
    public var connectTimeout: Duration
    /// How long a command waits for a connection while there is none; never longer than its own timeout.
    public var connectionWait: Duration
    /// How many commands may be waiting or in flight; further ones are refused at once.
    public var pendingCommandLimit: Int
    /// How many messages a subscription buffers for a slow reader before the oldest are dropped.
    public var messageBufferLimit: Int

    /// Makes a configuration.
    public init(
        host: String,
        port: Int = 6379,
        username: String? = nil,
        password: String? = nil,
        database: Int = 0,
        tls: RedisTLS? = nil,
        clientName: String = "tasker",
        commandTimeout: Duration = .seconds(5),
        connectTimeout: Duration = .seconds(3),
        connectionWait: Duration = .seconds(1),
        pendingCommandLimit: Int = 16_384,
        messageBufferLimit: Int = 1_024
    ) {
        self.host = host
        self.port = port
        self.username = username
        self.password = password
        self.database = database
        self.tls = tls
        self.clientName = clientName
        self.commandTimeout = commandTimeout
        self.connectTimeout = connectTimeout
        self.connectionWait = connectionWait
        self.pendingCommandLimit = pendingCommandLimit
        self.messageBufferLimit = messageBufferLimit
    }
}

extension RedisConfiguration: CustomStringConvertible {
    /// The address, without credentials.
    public var description: String {
        "\(tls == nil ? "redis" : "rediss")://\(host):\(port)/\(database)"
    }
}

extension RedisConfiguration: CustomDebugStringConvertible, CustomReflectable {
    /// The address, without credentials.
    public var debugDescription: String { description }

    /// The address alone, so that `dump` shows no credentials either.
    public var customMirror: Mirror {
        Mirror(self, children: ["address": description])
    }
}
