/// What answers and silences say about the name servers: which to ask next, and whether they answer at all. Time is
/// what callers say it is.
struct NameServerHealth {
    typealias Instant = ContinuousClock.Instant

    private struct Server {
        var lastAnswer: Instant?
        var lastConclusiveAnswer: Instant?
        /// Until then it is asked only if there is no other.
        var suspectUntil: Instant?
    }

    private let timeout: Duration
    private var servers: [Server]
    private var turn = 0

    init(servers: Int, timeout: Duration) {
        self.servers = Array(repeating: Server(), count: servers)
        self.timeout = timeout
    }

    /// For how long a server that does not answer is left alone.
    private var suspicion: Duration { timeout * 5 }

    /// The server to ask, in turn: none that has failed for this question, and if possible neither one that does not
    /// answer nor the one asked last. A server whose time of suspicion is over is tried with one question first.
    mutating func next(for question: Question, at now: Instant) -> Int {
        let inTurn = Array(servers.indices[turn...]) + servers.indices[..<turn]
        let chosen =
            inTurn.min { left, right in
                reluctance(left, question, now) < reluctance(right, question, now)
            } ?? turn
        turn = (chosen + 1) % servers.count
        if let end = servers[chosen].suspectUntil, end <= now {
            servers[chosen].suspectUntil = now + suspicion
        }
        return chosen
    }

    mutating func answered(_ server: Int, isConclusive: Bool, at now: Instant) {
        servers[server].lastAnswer = now
        servers[server].suspectUntil = nil
        if isConclusive {
            servers[server].lastConclusiveAnswer = now
        }
    }

    /// Notes a question without an answer. If others were answered meanwhile, it is the name's fault.
    mutating func silent(_ server: Int, askedAt: Instant, at now: Instant) {
        let wasHeard = servers[server].lastAnswer.map { $0 >= askedAt } ?? false
        if !wasHeard {
            servers[server].suspectUntil = now + suspicion
        }
    }

    mutating func unreachable(_ server: Int, at now: Instant) {
        servers[server] = Server(suspectUntil: now + suspicion)
    }

    /// Whether a server has told about a name, addresses or that there are none, within `duration`.
    func hasConclusiveAnswer(within duration: Duration, of now: Instant) -> Bool {
        servers.contains { server in
            server.lastConclusiveAnswer.map { now - $0 <= duration } ?? false
        }
    }

    private func reluctance(_ server: Int, _ question: Question, _ now: Instant) -> Int {
        let isSuspect = servers[server].suspectUntil.map { $0 > now } ?? false
        return (question.failedServers.contains(server) ? 4 : 0) + (isSuspect ? 2 : 0)
            + (server == question.server ? 1 : 0)
    }
}
