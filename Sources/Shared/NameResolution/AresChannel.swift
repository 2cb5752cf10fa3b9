import AddressSpace
import CAres
import Glibc
import WorkerThread

/// The owner of a c-ares channel for one name server: its options and its sockets. It asks once for each question;
/// asking again is for `ResolverLoop` to decide.
final class AresChannel {
    private static let libraryStatus = ares_library_init(ARES_LIB_INIT_ALL)

    private let channel: ares_channel
    private let interests: SocketInterests
    /// No question times out before. All have the same time, so a later one never has the earliest timeout.
    private var earliestTimeout: ContinuousClock.Instant?

    /// A channel to one server; without, one with the system's servers.
    init(server: ares_addr_port_node?, timeout: Duration) throws(NameResolverError) {
        try Self.check(Self.libraryStatus)
        interests = SocketInterests()
        channel = try Self.makeChannel(timeout: timeout, interests: interests)
        if var server {
            server.next = nil
            try Self.check(ares_set_servers_ports(channel, &server))
        }
    }

    deinit {
        ares_destroy(channel)
    }

    /// The servers of `/etc/resolv.conf`, or those of a list that takes their place; lent to `body`.
    func withServers<Value>(
        orThoseOf list: [String],
        _ body: (UnsafeMutablePointer<ares_addr_port_node>?) throws(NameResolverError) -> Value
    ) throws(NameResolverError) -> Value {
        if !list.isEmpty {
            guard ares_set_servers_ports_csv(channel, list.joined(separator: ",")) == ARES_SUCCESS else {
                throw NameResolverError(
                    code: .invalidServers,
                    message: "the list of name servers cannot be read: \(list)"
                )
            }
        }
        var servers: UnsafeMutablePointer<ares_addr_port_node>?
        try Self.check(ares_get_servers_ports(channel, &servers))
        defer { ares_free_data(servers) }
        return try body(servers)
    }

    /// Asks once. What came of it is left with the context sooner or later, exactly once.
    func ask(_ name: String, family: AddressFamily, for context: AnswerContext) {
        var hints = ares_addrinfo_hints()
        hints.ai_flags = Int32(ARES_AI_NOSORT)
        hints.ai_family = family == .v4 ? AF_INET : AF_INET6
        ares_getaddrinfo(channel, name, nil, &hints, receiveAnswer, Unmanaged.passRetained(context).toOpaque())
    }

    /// For poll(2).
    var pollDescriptors: [pollfd] { interests.pollDescriptors }

    /// A moment that is not after the next timeout.
    func nextTimeout(at now: ContinuousClock.Instant) -> ContinuousClock.Instant? {
        if let earliestTimeout, earliestTimeout > now { return earliestTimeout }
        var time = timeval()
        let hasTimeout = ares_timeout(channel, nil, &time) != nil
        earliestTimeout = hasTimeout ? now + .seconds(time.tv_sec) + .microseconds(Int(time.tv_usec)) : nil
        return earliestTimeout
    }

    /// Reads and writes those of the sockets that are this channel's, and ends the questions whose time is over.
    func process(_ ready: [pollfd], at now: ContinuousClock.Instant) {
        let socket = { (descriptor: pollfd, events: Int32) in
            descriptor.revents & Int16(events | POLLERR | POLLHUP) != 0 ? descriptor.fd : ARES_SOCKET_BAD
        }
        for descriptor in ready where interests.contains(descriptor.fd) {
            ares_process_fd(channel, socket(descriptor, POLLIN), socket(descriptor, POLLOUT))
        }
        if let timeout = nextTimeout(at: now), timeout <= now {
            ares_process_fd(channel, ARES_SOCKET_BAD, ARES_SOCKET_BAD)
        }
    }

    /// Ends all questions; their answers say so.
    func cancelAll() {
        ares_cancel(channel)
    }

    private static func makeChannel(
        timeout: Duration,
        interests: SocketInterests
    ) throws(NameResolverError) -> ares_channel {
        var options = ares_options()
        // A name is looked up as it is: a search domain or an alias of the environment could put a host in the scan
        // that nobody asked for. In c-ares 1.18 an empty list of domains does that, ARES_FLAG_NOSEARCH does not.
        // What a server cannot or will not answer is an outcome of its own, not a reason to wait.
        // EDNS, with the size that fits a packet everywhere, spares most long answers a TCP connection: where one breaks,
        // c-ares drops all questions to that server.
        options.flags = Int32(ARES_FLAG_NOALIASES | ARES_FLAG_NOCHECKRESP | ARES_FLAG_EDNS)
        options.ednspsz = 1232
        options.ndomains = 0
        options.timeout = Int32(clamping: timeout.wholeMilliseconds)
        options.tries = 1
        // All questions to a server share one socket.
        options.socket_receive_buffer_size = 4 << 20
        options.socket_send_buffer_size = 1 << 20
        options.sock_state_cb = socketStateChanged
        options.sock_state_cb_data = Unmanaged.passUnretained(interests).toOpaque()
        let mask =
            ARES_OPT_FLAGS | ARES_OPT_DOMAINS | ARES_OPT_TIMEOUTMS | ARES_OPT_TRIES | ARES_OPT_SOCK_RCVBUF
            | ARES_OPT_SOCK_SNDBUF | ARES_OPT_SOCK_STATE_CB | ARES_OPT_LOOKUPS | ARES_OPT_EDNSPSZ
        var channel: ares_channel?
        // Name servers alone, for the hosts file is `HostsFile`'s; copied by c-ares.
        var lookups = Array("b".utf8CString)
        let status = lookups.withUnsafeMutableBufferPointer { lookups in
            options.lookups = lookups.baseAddress
            return ares_init_options(&channel, &options, mask)
        }
        try check(status)
        guard let channel else { throw NameResolverError(code: .outOfResources, message: "no channel") }
        return channel
    }

    private static func check(_ status: Int32) throws(NameResolverError) {
        guard status == ARES_SUCCESS else {
            throw NameResolverError(code: .outOfResources, message: String(cString: ares_strerror(status)))
        }
    }
}
