import CAres
import Glibc

/// Which sockets c-ares has open, and what it waits for on each; kept up to date by its callback.
final class SocketInterests {
    private var events: [ares_socket_t: Int32] = [:]

    /// For poll(2).
    var pollDescriptors: [pollfd] {
        events.map { pollfd(fd: $0.key, events: Int16($0.value), revents: 0) }
    }

    func contains(_ socket: ares_socket_t) -> Bool { events[socket] != nil }

    fileprivate func update(_ socket: ares_socket_t, readable: Bool, writable: Bool) {
        let interest = (readable ? POLLIN : 0) | (writable ? POLLOUT : 0)
        events[socket] = interest == 0 ? nil : interest
    }
}

let socketStateChanged: ares_sock_state_cb = { context, socket, readable, writable in
    guard let context else { return }
    Unmanaged<SocketInterests>.fromOpaque(context).takeUnretainedValue()
        .update(socket, readable: readable != 0, writable: writable != 0)
}
