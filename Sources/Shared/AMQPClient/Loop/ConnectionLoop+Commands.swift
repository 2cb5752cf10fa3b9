extension ConnectionLoop {
    /// Takes what callers have asked for since the last time.
    func takeCommands() {
        for command in mailbox.take() {
            switch command {
            case .publish(let messages, let deadline, let reply):
                work.add(PublishBatch(messages, deadline: deadline, reply: reply))
            case .declare(let topology, let deadline, let reply):
                declare(topology, deadline: deadline, reply)
            case .forget(let topology):
                work.topology.forget(topology)
            case .inspect(let queue, let deadline, let reply):
                request(.inspectQueue(queue), deadline: deadline, reply, answer: \.depth)
            case .delete(let queue, let deadline, let reply):
                work.topology.forgetQueue(queue)
                request(.deleteQueue(queue), deadline: deadline, reply, answer: \.removed)
            case .purge(let queue, let deadline, let reply):
                request(.purgeQueue(queue), deadline: deadline, reply, answer: \.removed)
            case .get(let queue, let deadline, let reply):
                work.add(GetRequest(deadline: deadline, reply: reply), for: queue)
            case .consume(let registration):
                work.consumers[registration.id] = registration
                session?.startConsumer(registration.id)
            case .cancel(let id, let unread):
                work.consumers[id] = nil
                session?.settle(unread, .rejected(requeue: true))
                session?.cancelConsumer(id)
            case .settle(let deliveries, let settlement):
                session?.settle(deliveries, settlement)
            }
        }
    }

    /// Declares a topology, and remembers it once the broker has accepted it.
    private func declare(_ topology: AMQPTopology, deadline: ContinuousClock.Instant, _ reply: Reply<Void>) {
        let work = work
        work.add(
            ControlOperation(topology.declarations, deadline: deadline) { result in
                if case .success = result { work.topology.remember(topology) }
                reply.complete(result.map { _ in })
            }
        )
    }

    private func request<Value>(
        _ method: OutboundMethod,
        deadline: ContinuousClock.Instant,
        _ reply: Reply<Value>,
        answer value: @escaping (ControlOperation.Answer) -> Value?
    ) {
        work.add(
            ControlOperation([method], deadline: deadline) { result in
                reply.complete(
                    result.flatMap { answer in
                        value(answer).map(Result.success) ?? .failure(.unexpected(answer))
                    }
                )
            }
        )
    }
}
