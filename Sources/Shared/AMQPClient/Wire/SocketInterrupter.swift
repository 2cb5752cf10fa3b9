import Glibc
import Synchronization

/// Ends the wait of a connection's thread in a read or write of the C library, from any other thread.
///
/// It holds a duplicate of the socket's descriptor. The library closes its own when it likes, and the number may then
/// be another file's; the duplicate is closed only here, under the lock.
final class SocketInterrupter: Sendable {
    private struct State {
        var descriptor: Int32?
        var isInterrupted = false
    }

    private let state = Mutex(State())

    /// Takes the socket of a new connection, until ``release()``. After an interruption it is shut down at once.
    func take(_ socket: Int32) {
        state.withLock { state in
            let duplicate = fcntl(socket, F_DUPFD_CLOEXEC, 0)
            guard duplicate >= 0 else { return }
            state.descriptor = duplicate
            if state.isInterrupted { shutdown(duplicate, Int32(SHUT_RDWR)) }
        }
    }

    /// Gives the socket up; it is closed when the library closes its descriptor too.
    func release() {
        state.withLock { state in
            if let descriptor = state.descriptor.take() { close(descriptor) }
        }
    }

    /// Shuts the connection down, if there is one, and every later one.
    func interrupt() {
        state.withLock { state in
            state.isInterrupted = true
            if let descriptor = state.descriptor { shutdown(descriptor, Int32(SHUT_RDWR)) }
        }
    }
}
