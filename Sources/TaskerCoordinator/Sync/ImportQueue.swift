import AMQPClient
import ScanModel
import Synchronization

/// Finished hosts of one project, in the order in which they came.
final class ImportQueue: Sendable {
    /// Hosts in one report; ScanLedger's cost is mostly per call, and grows no better beyond this.
    static let batchSize = 200
    /// Bytes of host elements in one report.
    static let batchBytes = 4 << 20
    /// How many refused hosts that are left over are taken for poison.
    static let poisonAtOnce = 8
    /// How long the first host of a batch waits for company.
    static let linger = Duration.milliseconds(50)

    private struct State {
        var waiting: [FinishedHost] = []
        var importing: [FinishedHost] = []
        /// Since when the oldest result waits that the broker got back, until some host is dealt with again.
        var givenBackSince: ContinuousClock.Instant?

        var oldest: ContinuousClock.Instant? { (waiting + importing).map(\.since).min() }
    }

    let project: ProjectID
    /// Closed while results are to wait with the broker.
    let intake = Valve()
    private let state = Mutex(State())
    private let wake = Wake()

    init(project: ProjectID) {
        self.project = project
    }

    /// Puts a host at the end. One that waits already keeps its place; a result that was delivered again replaces the
    /// first delivery, which cannot be acknowledged any more.
    ///
    /// - Returns: false where the host came with a result that has to wait with the broker.
    func append(_ host: FinishedHost) -> Bool {
        let isTaken = state.withLock { state in
            guard host.delivery == nil || intake.isOpen else { return false }
            if let index = state.waiting.firstIndex(where: { $0.task == host.task }) {
                if host.delivery != nil { state.waiting[index] = host }
            } else {
                state.waiting.append(host)
            }
            return true
        }
        if isTaken { wake.signal() }
        return isTaken
    }

    /// Notes that the imports of hosts that wait were announced.
    func setMarked(_ tasks: Set<TaskReference>) {
        state.withLock { state in
            for index in state.waiting.indices where tasks.contains(state.waiting[index].task) {
                state.waiting[index].isMarked = true
            }
        }
    }

    func holds(_ task: TaskReference) -> Bool {
        all.contains { $0.task == task }
    }

    /// All hosts that wait or are being imported.
    var all: [FinishedHost] {
        state.withLock { $0.waiting + $0.importing }
    }

    /// Since when the oldest host waits, here or with the broker; nil where none does.
    var waitingSince: ContinuousClock.Instant? {
        state.withLock { state in
            let oldest = state.oldest
            return oldest == nil && intake.isOpen ? nil : state.givenBackSince ?? oldest
        }
    }

    func waiting(of scan: ScanID) -> [TaskReference] {
        state.withLock { $0.waiting.map(\.task).filter { $0.scan == scan } }
    }

    /// The batch that `next` gave is dealt with, but for some hosts that go behind all others. Those whose results were
    /// delivered again meanwhile wait already.
    func finishBatch(retrying left: [FinishedHost]) {
        state.withLock { state in
            if left.count < state.importing.count { state.givenBackSince = nil }
            state.importing = []
            let waiting = Set(state.waiting.map(\.task))
            state.waiting += left.filter { !waiting.contains($0.task) }
        }
    }

    /// Takes hosts of one scan that ScanLedger has refused for so long, asked for nothing else, that they are what it
    /// refuses. Many of them are an outage of writes, however long. They are a batch, as that of `next`.
    func takePoison(refusedBefore instant: ContinuousClock.Instant) -> [FinishedHost] {
        state.withLock { state in
            guard state.waiting.count <= Self.poisonAtOnce,
                state.waiting.allSatisfy({ $0.refusal.map { $0.since < instant } ?? false })
            else { return [] }
            state.importing = Self.takeBatch(&state.waiting)
            return state.importing
        }
    }

    /// Closes the intake and forgets all hosts that wait with a result, which the broker is to have back. Hosts without one
    /// stay: nobody would bring them again.
    func giveBack() -> [AMQPDelivery] {
        state.withLock { state in
            intake.close()
            state.givenBackSince = state.givenBackSince ?? state.oldest
            let deliveries = state.waiting.compactMap(\.delivery)
            state.waiting.removeAll { $0.delivery != nil }
            return deliveries
        }
    }

    /// The next batch: hosts of one scan, for they share an import's mode and scope. Empty when the task is cancelled.
    func next() async -> [FinishedHost] {
        while !Task.isCancelled {
            if state.withLock({ $0.waiting.isEmpty }) {
                await wake.wait()
                try? await Task.sleep(for: Self.linger)
            }
            let batch = state.withLock { state in
                state.importing = Self.takeBatch(&state.waiting)
                return state.importing
            }
            if !batch.isEmpty { return batch }
        }
        return []
    }

    /// Takes the first hosts of the first host's scan, at most a batch; the others keep their order.
    static func takeBatch(_ waiting: inout [FinishedHost]) -> [FinishedHost] {
        guard let scan = waiting.first?.task.scan else { return [] }
        var batch: [FinishedHost] = []
        var rest: [FinishedHost] = []
        var bytes = 0
        var isFull = false
        for host in waiting {
            if !isFull, host.task.scan == scan {
                batch.append(host)
                bytes += host.size
                isFull = batch.count == batchSize || bytes >= batchBytes
            } else {
                rest.append(host)
            }
        }
        waiting = rest
        return batch
    }
}
