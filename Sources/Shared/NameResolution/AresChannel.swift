import AddressSpace
import CAres
import Glibc
import WorkerThread

/// The owner of a c-ares channel: its options, its sockets and the answers that have come in.
///
/// `@unchecked Sendable`: made in `NameResolver.init`, then used by the resolver's thread alone until that ends. The
/// channel is destroyed with the last reference, which the thread holds while it runs.
final class AresChannel: @unchecked Sendable {
    private static let libraryStatus = ares_library_init(ARES_LIB_INIT_ALL)

    private let channel: ares_channel
    private let interests: SocketInterests
    private let inbox = AnswerInbox()

    init(_ configuration: NameResolverConfiguration) throws(NameResolverError) {
        try Self.check(Self.libraryStatus)
        interests = SocketInterests()
        channel = try Self.makeChannel(configuration, interests: interests)
        guard !configuration.servers.isEmpty else { return }
        let status = ares_set_servers_ports_csv(channel, configuration.servers.joined(separator: ","))
        guard status == ARES_SUCCESS else {
            throw NameResolverError(
                code: .invalidServers,
                message: "the list of name servers cannot be read: \(configuration.servers)"
            )
        }
    }

    deinit {
        ares_destroy(channel)
    }

    /// Asks for one family of a look-up. The answer is among `takeAnswers()` sooner or later, exactly once.
    func ask(_ key: LookupKey, family: AddressFamily) {
        var hints = ares_addrinfo_hints()
        hints.ai_flags = Int32(ARES_AI_NOSORT)
        hints.ai_family = family == .v4 ? AF_INET : AF_INET6
        let question = Unmanaged.passRetained(Question(inbox: inbox, key: key, family: family))
        ares_getaddrinfo(channel, key.name, nil, &hints, receiveAnswer, question.toOpaque())
    }

    /// The answers since the last call.
    func takeAnswers() -> [Answer] {
        inbox.takeAll()
    }

    /// Waits for the channel's sockets, its next timeout or the wake-up, and processes what there is.
    func wait(for wakeUp: borrowing WakeUp, mayBlock: Bool) {
        var descriptors = interests.pollDescriptors + [pollfd(fd: wakeUp.descriptor, events: Int16(POLLIN), revents: 0)]
        guard poll(&descriptors, nfds_t(descriptors.count), mayBlock ? millisecondsToNextTimeout() : 0) >= 0 else {
            return
        }
        let ready = { (descriptor: pollfd, events: Int32) in
            descriptor.revents & Int16(events | POLLERR | POLLHUP) != 0 ? descriptor.fd : ARES_SOCKET_BAD
        }
        for descriptor in descriptors.dropLast() where descriptor.revents != 0 {
            ares_process_fd(channel, ready(descriptor, POLLIN), ready(descriptor, POLLOUT))
        }
        ares_process_fd(channel, ARES_SOCKET_BAD, ARES_SOCKET_BAD)
        if descriptors.last?.revents != 0 {
            wakeUp.clear()
        }
    }

    /// Ends all questions; their answers say so.
    func cancelAll() {
        ares_cancel(channel)
    }

    private func millisecondsToNextTimeout() -> Int32 {
        var time = timeval()
        guard ares_timeout(channel, nil, &time) != nil else { return -1 }
        return Int32(clamping: time.tv_sec * 1000 + (Int(time.tv_usec) + 999) / 1000)
    }

    private static func makeChannel(
        _ configuration: NameResolverConfiguration,
        interests: SocketInterests
    ) throws(NameResolverError) -> ares_channel {
        var options = ares_options()
        // A name is looked up as it is: a search domain or an alias of the environment could put a host in the scan
        // that nobody asked for. In c-ares 1.18 an empty list of domains does that, ARES_FLAG_NOSEARCH does not.
        options.flags = Int32(ARES_FLAG_NOALIASES)
        options.ndomains = 0
        options.timeout = Int32(clamping: configuration.timeout.wholeMilliseconds)
        options.tries = Int32(clamping: configuration.tries)
        // All questions share one socket for each server.
        options.socket_receive_buffer_size = 4 << 20
        options.socket_send_buffer_size = 1 << 20
        options.sock_state_cb = socketStateChanged
        options.sock_state_cb_data = Unmanaged.passUnretained(interests).toOpaque()
        let mask =
            ARES_OPT_FLAGS | ARES_OPT_DOMAINS | ARES_OPT_TIMEOUTMS | ARES_OPT_TRIES | ARES_OPT_SOCK_RCVBUF
            | ARES_OPT_SOCK_SNDBUF | ARES_OPT_SOCK_STATE_CB | ARES_OPT_LOOKUPS
        var channel: ares_channel?
        // The hosts file, then the name servers; copied by c-ares.
        var lookups = Array("fb".utf8CString)
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
