import AddressSpace
import WorkerThread

/// What the resolver's thread does: takes commands, starts look-ups, hands out their results.
///
/// Made and used on that thread alone; only the mailbox and the wake-up are shared.
struct ResolverLoop {
    typealias Waiter = Promise<Resolution>

    enum Command: Sendable {
        case resolve(LookupKey, Waiter)
        /// Nobody waits for this one any more.
        case abandon(LookupKey, Waiter)
    }

    /// How many look-ups are started before the sockets get their turn: a burst of thousands would overflow the socket
    /// buffers, here or at the server, and every lost packet costs a timeout.
    private static let burst = 64

    private let channel: AresChannel
    private var table: LookupTable<Waiter>

    init(channel: AresChannel, maximumConcurrent: Int) {
        self.channel = channel
        table = LookupTable(maximumConcurrent: maximumConcurrent)
    }

    /// Runs until the mailbox is closed; then everything that has no result is unavailable.
    mutating func run(_ mailbox: Mailbox<Command>, wakeUp: borrowing WakeUp) {
        while true {
            let (commands, isClosed) = mailbox.take()
            for command in commands {
                carryOut(command)
            }
            if isClosed {
                break
            }
            start()
            deliver()
            channel.wait(for: wakeUp, mayBlock: !table.canStart)
            deliver()
        }
        for waiter in table.removeAll() {
            waiter.complete(with: NameResolver.shutDown)
        }
        channel.cancelAll()
    }

    private mutating func carryOut(_ command: Command) {
        switch command {
        case .resolve(let key, let waiter): table.add(waiter, for: key)
        case .abandon(let key, let waiter): table.remove(waiter, for: key)
        }
    }

    private mutating func start() {
        for _ in 0..<Self.burst {
            guard let key = table.next() else { return }
            for family in key.families {
                channel.ask(key, family: family)
            }
        }
    }

    private mutating func deliver() {
        for answer in channel.takeAnswers() {
            guard let ended = table.record(answer.resolution, for: answer.key, family: answer.family) else { continue }
            for waiter in ended.waiters {
                waiter.complete(with: ended.resolution)
            }
        }
    }
}
