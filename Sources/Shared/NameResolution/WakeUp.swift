import CAres
import Glibc

/// Ends a poll(2) of another thread, by an eventfd that it waits for too.
struct WakeUp: ~Copyable, Sendable {
    let descriptor: Int32

    init() throws(NameResolverError) {
        descriptor = eventfd(0, Int32(EFD_NONBLOCK | EFD_CLOEXEC))
        guard descriptor >= 0 else {
            throw NameResolverError(code: .outOfResources, message: String(cString: strerror(errno)))
        }
    }

    deinit {
        close(descriptor)
    }

    /// Wakes the thread, now or when it next waits. From any thread.
    func signal() {
        eventfd_write(descriptor, 1)
    }

    /// Makes ready for the next signal.
    func clear() {
        var count: eventfd_t = 0
        eventfd_read(descriptor, &count)
    }
}
