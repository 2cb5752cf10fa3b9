import Logging

/// The time in which remembered declarations are made on a new connection.
struct Restoration {
    /// Declarations the broker has not answered.
    var unanswered: Int
    /// When the other work no longer waits for them.
    let end: ContinuousClock.Instant
}

extension Session {
    /// Begins: remembered declarations come first, so that what publishes and consumes finds them.
    func start() throws(AMQPError) {
        let declarations = work.topology.topology.declarations
        if !declarations.isEmpty {
            restoration = Restoration(unanswered: declarations.count, end: .now + configuration.rpcTimeout)
        }
        work.restore(
            by: declarations.map { declaration in
                ControlOperation([declaration], deadline: nil) { [weak self] in self?.restored(declaration, $0) }
            }
        )
        try openControl()
    }

    /// Lets the other work begin when the broker takes too long; what is not declared by then still will be.
    func expireRestoration(at now: ContinuousClock.Instant) {
        guard let restoration, restoration.end <= now else { return }
        self.restoration = nil
        logger.warning(
            "remembered declarations take too long",
            metadata: ["unanswered": "\(restoration.unanswered)"]
        )
    }

    /// Declares a remembered queue, its bindings and their exchanges again, since the broker no longer has it or,
    /// while it is another connection's, soon will not.
    func restoreQueue(_ name: String, logsRefusal: Bool) {
        let steps = work.topology.declarations(ofQueue: name)
        guard !steps.isEmpty else { return }
        work.add(
            ControlOperation(steps, deadline: .now + configuration.rpcTimeout) { [logger] result in
                switch result {
                case .success:
                    logger.info("queue declared again", metadata: ["queue": "\(name)"])
                case .failure(let error):
                    guard logsRefusal else { return }
                    logger.error("queue not declared again", metadata: ["queue": "\(name)", "error": "\(error)"])
                }
            }
        )
    }

    private func restored(_ declaration: OutboundMethod, _ result: Result<ControlOperation.Answer, AMQPError>) {
        restoration?.unanswered -= 1
        if restoration?.unanswered == 0 { restoration = nil }
        if case .failure(let error) = result, case .channelClosed = error.code {
            logger.error(
                "remembered declaration refused",
                metadata: ["declaration": "\(declaration)", "error": "\(error)"]
            )
        }
    }
}
