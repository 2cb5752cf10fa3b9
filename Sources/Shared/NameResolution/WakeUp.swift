import CAres
import Glibc
import Synchronization

/// Ends a poll(2) of another thread, by an eventfd that it waits for too.
struct WakeUp: ~Copyable, Sendable {
    let descriptor: Int32
    /// Spares all but the first of many signals the system call.
    private let isSignalled = Atomic(false)

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
        guard !isSignalled.exchange(true, ordering: .acquiringAndReleasing) else { return }
        eventfd_write(descriptor, 1)
    }

    /// Makes ready for the next signal. What was posted before is to be looked for afterwards.
    func clear() {
        var count: eventfd_t = 0
        eventfd_read(descriptor, &count)
        isSignalled.store(false, ordering: .releasing)
    }
}
