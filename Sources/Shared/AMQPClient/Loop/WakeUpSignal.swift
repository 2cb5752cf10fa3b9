import CRabbitMQ
import Glibc

/// Wakes a thread that polls: an eventfd, closed in `deinit`.
final class WakeUpSignal: Sendable {
    /// To be polled for input.
    let fileDescriptor: Int32

    init() {
        fileDescriptor = eventfd(0, Int32(EFD_NONBLOCK) | Int32(EFD_CLOEXEC))
        precondition(fileDescriptor >= 0, "eventfd: \(errno)")
    }

    deinit {
        close(fileDescriptor)
    }

    /// Makes the descriptor readable.
    func raise() {
        eventfd_write(fileDescriptor, 1)
    }

    /// Makes it unreadable until it is raised again.
    func clear() {
        var count: eventfd_t = 0
        eventfd_read(fileDescriptor, &count)
    }
}
