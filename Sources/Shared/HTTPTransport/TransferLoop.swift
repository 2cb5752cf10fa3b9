import WorkerThread

/// What the transport's thread does: takes commands, moves transfers, hands out their outcomes.
///
/// Made and used on that thread alone; only the mailbox and the wake-up are shared.
final class TransferLoop {
    enum Command: Sendable {
        case start(Submission)
        /// The submission has its outcome; what it holds can go.
        case abandon(Submission)
    }

    private let configuration: HTTPTransportConfiguration
    private let pinned: PinnedCertificate?
    private let multi: CurlMulti
    private var slots: ConnectionSlots
    private var transfers: [ObjectIdentifier: Transfer] = [:]

    init(configuration: HTTPTransportConfiguration, pinned: PinnedCertificate?, multi: CurlMulti) {
        self.configuration = configuration
        self.pinned = pinned
        self.multi = multi
        slots = ConnectionSlots(maximumPerOrigin: configuration.maximumConnectionsPerHost)
    }

    /// Runs until the mailbox is closed; then everything that has no outcome is cancelled.
    func run(_ mailbox: Mailbox<Command>) {
        while true {
            let (commands, isClosed) = mailbox.take()
            commands.forEach(carryOut)
            if isClosed {
                break
            }
            multi.perform()
            while let (transfer, result) = multi.nextFinished() {
                transfer.finish(with: result)
                remove(transfer)
            }
            for submission in slots.takeExpired(at: .now) {
                submission.fail { _ in .timedOut("the deadline passed while waiting for a connection") }
            }
            multi.wait(atMost: slots.earliestDeadline.map { max(.zero, $0 - .now) } ?? .seconds(60))
        }
        cancelAll()
    }

    private func carryOut(_ command: Command) {
        switch command {
        case .start(let submission):
            if !submission.isCompleted, slots.admit(submission) {
                start(submission)
            }
        case .abandon(let submission):
            if let transfer = transfers[ObjectIdentifier(submission)] {
                remove(transfer)
            }
        }
    }

    /// Starts a request that has a slot; if it cannot be started, the next one that waits for this slot.
    private func start(_ submission: Submission) {
        var next: Submission? = submission
        while let submission = next {
            do throws(HTTPTransportError) {
                try begin(submission)
                return
            } catch {
                submission.fail { _ in error }
                next = slots.release(submission.origin)
            }
        }
    }

    private func begin(_ submission: Submission) throws(HTTPTransportError) {
        let timeLeft = submission.deadline - .now
        guard timeLeft > .zero else { throw .timedOut("the deadline passed before the request was sent") }
        let transfer = try Transfer(submission)
        try transfer.configure(configuration, pinned: pinned, timeLeft: timeLeft)
        try multi.add(transfer)
        transfers[ObjectIdentifier(submission)] = transfer
    }

    private func remove(_ transfer: Transfer) {
        multi.remove(transfer)
        transfers[ObjectIdentifier(transfer.submission)] = nil
        if let next = slots.release(transfer.submission.origin) {
            start(next)
        }
    }

    private func cancelAll() {
        for transfer in transfers.values {
            multi.remove(transfer)
        }
        for submission in transfers.values.map(\.submission) + slots.takeAll() {
            submission.cancel(because: HTTPTransport.shutdownMessage)
        }
        transfers.removeAll()
    }
}
