/// A command and its arguments, as in `["SET", .string(key), .bytes(value), "EX", .int(seconds)]`.
///
/// Blocking commands (`BLPOP`, `XREAD BLOCK`) do not belong here: the connection is shared and they would hold up
/// every other command.
public struct RedisCommand: Hashable, Sendable {
    /// The command's name, then its arguments.
    public var arguments: [RedisArgument]

    /// Makes a command from its name and arguments.
    public init(_ name: String, _ arguments: [RedisArgument] = []) {
        self.arguments = [.string(name)] + arguments
    }
}

extension RedisCommand: ExpressibleByArrayLiteral {
    /// Makes a command from its name and arguments.
    public init(arrayLiteral elements: RedisArgument...) {
        self.arguments = elements
    }
}
