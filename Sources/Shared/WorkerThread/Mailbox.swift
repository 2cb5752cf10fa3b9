import Synchronization

/// Commands for a thread that takes all of them at once. Whoever posts also has to wake the thread.
package final class Mailbox<Command: Sendable>: Sendable {
    private struct Contents {
        var commands: [Command] = []
        var isClosed = false
    }

    private let contents = Mutex(Contents())

    /// An empty, open mailbox.
    package init() {}

    /// Posts a command; false once the mailbox is closed.
    package func post(_ command: Command) -> Bool {
        contents.withLock { contents in
            guard !contents.isClosed else { return false }
            contents.commands.append(command)
            return true
        }
    }

    /// Refuses what is posted from now on.
    package func close() {
        contents.withLock { $0.isClosed = true }
    }

    /// The commands posted since the last time, and whether more can follow.
    package func take() -> (commands: [Command], isClosed: Bool) {
        contents.withLock { contents in
            defer { contents.commands.removeAll() }
            return (contents.commands, contents.isClosed)
        }
    }
}
