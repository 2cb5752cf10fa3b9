public import AddressSpace

/// Something that looks names up: the resolver, or its stand-in in a test.
public protocol NameResolving: Sendable {
    /// The addresses of a name, in the families asked for: IPv4 first, each address once, as the server ordered them.
    func resolve(_ name: String, families: Set<AddressFamily>, from source: NameSource) async -> Resolution
}

/// Who is asked for the addresses of a name.
public enum NameSource: Hashable, Sendable {
    /// The machine's hosts file, and the name servers for what it does not have.
    case hostsFileFirst
    /// The name servers alone. A hosts file may hide a name's addresses, its own machine's with 127.0.1.1 for instance.
    case nameServers
}

/// What became of looking a name up. "Not answered" is never told as "not there".
public enum Resolution: Hashable, Sendable {
    /// The addresses; at least one.
    case addresses([IPAddress])
    /// The name does not exist, or has no address of the families asked for: asking again is of no use.
    case notFound(reason: String)
    /// There is no answer for this name, while the name servers answer for others: the servers of its own zone are dead
    /// or broken. Whether it has addresses is not known.
    case unanswered(reason: String)
    /// There is no answer, and none for other names either: no server could be reached, or none was able or willing to
    /// answer. Nothing is known; asking later may help.
    case unavailable(reason: String)
}
