/// What a new connection says first.
struct RedisHandshake {
    /// Every one of them must be accepted. `PING` comes last because a server that is still loading its data accepts
    /// the others.
    let commands: [RedisCommand]

    init(_ configuration: RedisConfiguration) {
        var commands: [RedisCommand] = []
        if let password = configuration.password {
            let user = configuration.username.map { [RedisArgument.string($0)] } ?? []
            commands.append(RedisCommand("AUTH", user + [.string(password)]))
        }
        if configuration.database != 0 {
            commands.append(["SELECT", .int(configuration.database)])
        }
        commands.append(["CLIENT", "SETNAME", .string(configuration.clientName)])
        commands.append(["PING"])
        self.commands = commands
    }

    /// The commands as they go over the wire.
    func formatted() throws(RedisError) -> [UInt8] {
        var output: [UInt8] = []
        for command in commands {
            try RESPFormatter.append(command, to: &output)
        }
        return output
    }
}
