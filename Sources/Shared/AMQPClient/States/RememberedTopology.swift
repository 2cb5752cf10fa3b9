/// What the broker has accepted and what is declared anew on every connection.
struct RememberedTopology {
    private var exchanges: [String: AMQPExchange] = [:]
    private var queues: [String: AMQPQueue] = [:]
    private var bindings: Set<AMQPBinding> = []

    /// Adds a topology; an exchange or queue replaces one of the same name.
    mutating func remember(_ topology: AMQPTopology) {
        for exchange in topology.exchanges { exchanges[exchange.name] = exchange }
        for queue in topology.queues { queues[queue.name] = queue }
        bindings.formUnion(topology.bindings)
    }

    /// Removes the exchanges and queues of these names, and these bindings.
    mutating func forget(_ topology: AMQPTopology) {
        for exchange in topology.exchanges { exchanges[exchange.name] = nil }
        for queue in topology.queues { queues[queue.name] = nil }
        bindings.subtract(topology.bindings)
    }

    /// Removes a queue and what is bound to it.
    mutating func forgetQueue(_ name: String) {
        queues[name] = nil
        bindings = bindings.filter { $0.queue != name }
    }

    /// The methods that declare a queue, and then what feeds it; none when the queue is not remembered.
    ///
    /// The queue comes first: a refusal ends the sequence, and the queue matters most.
    func declarations(ofQueue name: String) -> [OutboundMethod] {
        guard let queue = queues[name] else { return [] }
        let bindings = bindings.filter { $0.queue == name }
        let sources = Set(bindings.map(\.exchange)).compactMap { exchanges[$0] }
        return [.declareQueue(queue)] + sources.map(OutboundMethod.declareExchange) + bindings.map(OutboundMethod.bind)
    }

    /// All of it.
    var topology: AMQPTopology {
        AMQPTopology(exchanges: Array(exchanges.values), queues: Array(queues.values), bindings: Array(bindings))
    }
}

extension AMQPTopology {
    /// The methods that declare it, in an order in which each finds what it refers to.
    var declarations: [OutboundMethod] {
        exchanges.map(OutboundMethod.declareExchange) + queues.map(OutboundMethod.declareQueue)
            + bindings.map(OutboundMethod.bind)
    }

    /// Why it cannot be declared at all, or `nil` when it can.
    var problem: String? {
        let parts =
            exchanges.map { ([$0.name], $0.arguments) } + queues.map { ([$0.name], $0.arguments) }
            + bindings.map { ([$0.queue, $0.exchange, $0.routingKey], $0.arguments) }
        return parts.lazy.compactMap { WireLimits.problem(names: $0, arguments: $1) }.first
    }
}
