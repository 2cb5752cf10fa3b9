import AMQPClient
import Celery
import Foundation
import ScanModel
import Synchronization

/// Tells all existing workers to end the nmap of tasks, and learns who did: a worker's node that listens to cancellations
/// signals the process that its host noted, and says that it is through.
final class CancelBroadcasts: Sendable {
    private struct Round {
        var missing: Set<String>
        let complete: Wake
    }

    private let publisher: AMQPConnection
    private let origin: String
    private let rounds = Mutex<[UUID: Round]>([:])

    init(publisher: AMQPConnection, origin: String) {
        self.publisher = publisher
        self.origin = origin
    }

    /// - Parameter hosts: those whose word is waited for.
    /// - Returns: those of them that carried it out in time.
    func cancel(_ tasks: [UUID], on hosts: Set<String>, waitingAtMost time: Duration) async -> Set<String> {
        guard !tasks.isEmpty else { return hosts }
        let (id, complete) = (UUID(), Wake())
        rounds.withLock { $0[id] = Round(missing: hosts, complete: complete) }
        _ = await publisher.publish([BroadcastTask.cancel(tasks).message(id: id, origin: origin)])
        if !hosts.isEmpty { await complete.wait(atMost: time) }
        let missing = rounds.withLock { $0.removeValue(forKey: id)?.missing ?? [] }
        return hosts.subtracting(missing)
    }

    /// Takes a step of any task in.
    func heard(_ move: WorkerMonitor.TaskMove) {
        guard move.task.transition == .succeeded else { return }
        let complete = rounds.withLock { rounds -> Wake? in
            guard rounds[move.task.id]?.missing.remove(move.host) != nil else { return nil }
            return rounds[move.task.id]?.missing.isEmpty == true ? rounds[move.task.id]?.complete : nil
        }
        complete?.signal()
    }
}
