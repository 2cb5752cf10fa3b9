import AMQPClient
import Celery
import Foundation

/// Finds out where tasks may be at workers: asks those that are heard of, and remembers what others were seen with.
struct WorkerCensus: Sendable {
    let roster: Roster
    let control: RemoteControl
    /// What the broker is asked on.
    let broker: AMQPConnection

    /// Mailboxes looked for at a time; of nodes beyond it nothing is concluded.
    private static let mailboxLimit = 100
    private let clock = ContinuousClock()

    /// Asks all workers which tasks they have.
    ///
    /// - Parameter tasks: those to look for at workers that do not answer, too.
    func traces(of tasks: Set<UUID> = [], waitingAtMost time: Duration) async -> TaskTraces {
        let (asked, unheard) = await roster.nodesToAsk
        let askedAt = clock.now
        async let active = control.ask(.inspect(.active), of: asked, waitingAtMost: time)
        async let reserved = control.ask(.inspect(.reserved), of: asked, waitingAtMost: time)
        let answers = await [Self.tasks(active), Self.tasks(reserved)]
        let answered = asked.filter { node in answers.allSatisfy { $0[node] != nil } }
        var traces = TaskTraces(isComplete: !asked.isEmpty && answered == asked, hasWorkers: !asked.isEmpty)
        for answer in answers { traces.held.formUnion(answer.values.joined()) }
        for node in answered {
            let tasks = Set(answers.compactMap { $0[node] }.joined())
            await roster.answered(node, having: tasks, askedAt: askedAt)
        }
        if !tasks.isEmpty {
            traces.seen = await roster.nodes(of: tasks)
            traces.mayHaveUnseen = await isAnyConnected(unheard.union(asked.subtracting(answered)))
        }
        return traces
    }

    /// Whether the broker may hold a connection of one of these nodes. A mailbox ends with its node's connection, and then
    /// the broker takes back what the node had not acknowledged; whoever gets it next was told to refuse it.
    private func isAnyConnected(_ nodes: Set<String>) async -> Bool {
        for node in nodes.prefix(Self.mailboxLimit) {
            do {
                _ = try await broker.depth(queue: CeleryNames.mailbox(of: node))
                return true
            } catch {
                guard error.code == .channelClosed(replyCode: 404) else { return true }
                await roster.disconnected(node)
            }
        }
        return nodes.count > Self.mailboxLimit
    }

    /// What nodes answered, where it can be read.
    private static func tasks(_ answers: [ControlReply.Answer]) -> [String: [UUID]] {
        var tasks: [String: [UUID]] = [:]
        for answer in answers { tasks[answer.worker] = try? answer.taskIDs() }
        return tasks
    }
}
