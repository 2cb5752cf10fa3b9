import Crypto

/// A Lua script, known to the server by the SHA-1 of its source.
public struct RedisScript: Hashable, Sendable {
    /// What the script is called in logs.
    public let name: String
    /// The Lua source.
    public let source: String
    /// The SHA-1 of the source, in lower-case hexadecimal, as `EVALSHA` takes it.
    public let sha1: String

    /// Makes a script.
    public init(name: String, source: String) {
        self.name = name
        self.source = source
        self.sha1 = Self.hexadecimal(Insecure.SHA1.hash(data: Array(source.utf8)))
    }

    private static func hexadecimal(_ bytes: some Sequence<UInt8>) -> String {
        let digits = Array("0123456789abcdef".utf8)
        let text = bytes.flatMap { [digits[Int($0 >> 4)], digits[Int($0 & 15)]] }
        return String(decoding: text, as: UTF8.self)
    }
}
