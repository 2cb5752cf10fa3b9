import AMQPClient
import Health
import ScanStore
import Synchronization

/// Where the parts of a coordinator say how they are, and `/readyz` reads it. Nothing here waits for anybody.
final class CoordinatorHealth: Sendable {
    private let condition = Mutex(CoordinatorCondition())
    private let witness: StoreWitness
    private let scanledger: LedgerContact
    private let connections: [AMQPConnection]
    private let patience: Duration
    private let clock = ContinuousClock()

    /// - Parameters:
    ///   - connections: all that are needed of RabbitMQ.
    ///   - patience: for how long an answer of Redis counts; longer than it is between two questions.
    init(witness: StoreWitness, scanledger: LedgerContact, connections: [AMQPConnection], patience: Duration) {
        self.witness = witness
        self.scanledger = scanledger
        self.connections = connections
        self.patience = patience
    }

    func leads(in term: Term) {
        condition.withLock { $0.standing = .leading(epoch: term.epoch) }
        redisAnswered()
    }

    func standsBy() {
        condition.withLock { $0.standing = .standby }
    }

    func redisAnswered() {
        condition.withLock { $0.redis = (clock.now, false) }
    }

    func redisDidNotAnswer() {
        condition.withLock { $0.redis.isMissed = true }
    }

    func durability(_ warnings: [String]) {
        condition.withLock { $0.durabilityWarnings = warnings }
    }

    /// How this coordinator is.
    func report() -> ReadinessReport {
        var condition = condition.withLock(\.self)
        condition.rabbitMQ = (connections.allSatisfy(\.isConnected), connections.contains(where: \.isBlocked))
        condition.scanledger = scanledger.state
        condition.installation = witness.installation
        condition.foreign = witness.foreign
        condition.recentLoss = witness.recentLoss
        return condition.report(at: clock.now, patience: patience)
    }
}
