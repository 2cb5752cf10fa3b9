import AMQPClient
import Celery
import Foundation
import Logging
import Synchronization
import Telemetry

/// Asks workers and tells them, over Celery's remote control. Answers come back on a queue of this process.
final class RemoteControl: Sendable {
    /// A question and the answers so far.
    private struct Question {
        var missing: Set<String>
        var answers: [ControlReply.Answer] = []
        let complete: Wake
    }

    /// The queue for answers; its name is the routing key.
    let replyQueue: String
    /// Commands go out on another connection than results come in on: RabbitMQ blocks publishing connections in an alarm,
    /// with everything on them.
    private let publisher: AMQPConnection
    private let logger: Logger
    private let questions = Mutex<[UUID: Question]>([:])
    private let clock = Mutex<UInt32>(0)

    init(publisher: AMQPConnection, replyQueue: String, logger: Logger) {
        self.publisher = publisher
        self.replyQueue = replyQueue
        self.logger = logger
    }

    /// Asks nodes by name. Returns when all have answered or the time is up; who is missing did not answer.
    func ask(
        _ message: ControlMessage,
        of nodes: Set<String>,
        waitingAtMost time: Duration
    ) async -> [ControlReply.Answer] {
        guard !nodes.isEmpty else { return [] }
        let ticket = UUID()
        let complete = Wake()
        questions.withLock { $0[ticket] = Question(missing: nodes, complete: complete) }
        await send(message, ticket: ticket, to: nodes)
        await complete.wait(atMost: time)
        return questions.withLock { $0.removeValue(forKey: ticket)?.answers ?? [] }
    }

    /// Tells all nodes to refuse these tasks; what runs goes on.
    func refuse(_ tasks: [UUID]) async {
        await send(.revoke(tasks, terminate: false), ticket: nil, to: nil)
    }

    /// Tells all nodes to refuse these tasks and to end those that run.
    ///
    /// - Returns: whether the broker has taken the message.
    @discardableResult
    func revoke(_ tasks: [UUID]) async -> Bool {
        await send(.revoke(tasks, terminate: true), ticket: nil, to: nil)
    }

    /// Asks nodes to send task events; they send none before.
    func enableEvents(of nodes: Set<String>) async {
        await send(.enableEvents, ticket: nil, to: nodes)
    }

    /// Takes an answer in.
    func received(_ reply: ControlReply) {
        guard let ticket = reply.ticket else { return }
        let complete = questions.withLock { questions -> Wake? in
            guard var question = questions[ticket] else { return nil }
            for answer in reply.answers where question.missing.remove(answer.worker) != nil {
                question.answers.append(answer)
            }
            questions[ticket] = question
            return question.missing.isEmpty ? question.complete : nil
        }
        complete?.signal()
    }

    /// The next tick of this process' logical clock.
    func nextClock() -> UInt32 {
        clock.withLock { clock in
            clock &+= 1
            return clock
        }
    }

    /// - Returns: whether the broker has taken the message.
    @discardableResult
    private func send(_ message: ControlMessage, ticket: UUID?, to nodes: Set<String>?) async -> Bool {
        let wire = message.message(
            ticket: ticket,
            replyTo: ticket.map { _ in ControlMessage.ReplyAddress(routingKey: replyQueue) },
            destination: nodes?.sorted(),
            clock: nextClock()
        )
        guard case .confirmed = await publisher.publish([wire]).first else {
            logger.warning("a control message was not confirmed")
            return false
        }
        return true
    }
}
