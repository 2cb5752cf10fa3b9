import Foundation
import Synchronization

/// A file descriptor that takes lines, whole ones, from any thread.
final class LogOutput: Sendable {
    private let descriptor: Mutex<Int32>

    /// Writes to a descriptor, which stays the caller's and must outlive this.
    init(descriptor: Int32) {
        self.descriptor = Mutex(descriptor)
    }

    /// Writes the text before any other thread's; drops it when nobody reads the other end any more.
    func write(_ text: String) {
        var text = text
        text.withUTF8 { bytes in
            descriptor.withLock { Self.write(UnsafeRawBufferPointer(bytes), to: $0) }
        }
    }

    private static func write(_ bytes: UnsafeRawBufferPointer, to descriptor: Int32) {
        var rest = bytes[...]
        while !rest.isEmpty {
            let count = Foundation.write(descriptor, UnsafeRawBufferPointer(rebasing: rest).baseAddress, rest.count)
            if count > 0 {
                rest = rest.dropFirst(count)
            } else if errno == EAGAIN {
                var waiting = pollfd(fd: descriptor, events: Int16(POLLOUT), revents: 0)
                poll(&waiting, 1, -1)
            } else if errno != EINTR {
                return
            }
        }
    }
}
