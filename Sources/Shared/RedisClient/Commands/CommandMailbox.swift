import Synchronization

/// Where callers of any thread leave their requests for the event loop.
///
/// The first request left in an empty mailbox wakes the loop; those that come until it looks are collected with it, and
/// so go out in one write. That is all there is to automatic pipelining.
final class CommandMailbox: Sendable {
    /// What the caller who left a request must do.
    enum PostAction {
        /// Have the event loop collect.
        case wake
        /// Nothing: the loop has been woken already.
        case none
        /// The mailbox is closed and took nothing.
        case refuse
        /// Too many commands are pending, and the mailbox took nothing.
        case refuseAsFull
    }

    private struct Contents {
        var requests: [PendingRequest] = []
        /// Commands accepted and not released, wherever they are by now.
        var commandCount = 0
        var isOpen = true
    }

    private let contents = Mutex(Contents())
    private let commandLimit: Int

    init(commandLimit: Int) {
        self.commandLimit = commandLimit
    }

    /// Leaves a request.
    func post(_ request: PendingRequest) -> PostAction {
        contents.withLock { contents in
            guard contents.isOpen else { return .refuse }
            guard contents.commandCount + request.replyCount <= commandLimit else { return .refuseAsFull }
            contents.commandCount += request.replyCount
            contents.requests.append(request)
            return contents.requests.count == 1 ? .wake : .none
        }
    }

    /// Takes every request out.
    func collect() -> [PendingRequest] {
        contents.withLock { contents in
            defer { contents.requests = [] }
            return contents.requests
        }
    }

    /// Makes room: so many commands are pending no longer.
    func release(commandCount: Int) {
        guard commandCount > 0 else { return }
        contents.withLock { $0.commandCount -= commandCount }
    }

    /// Refuses everything from now on.
    func close() {
        contents.withLock { $0.isOpen = false }
    }
}
