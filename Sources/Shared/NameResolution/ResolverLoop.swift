import AddressSpace
import WorkerThread

/// What the resolver's thread does: takes commands, asks and asks again, hands out results.
///
/// Made and used on that thread alone; only the mailbox and the wake-up are shared.
struct ResolverLoop {
    typealias Waiter = Promise<Resolution>
    typealias Instant = ContinuousClock.Instant

    enum Command: Sendable {
        case resolve(LookupKey, Waiter)
        /// Nobody waits for this one any more.
        case abandon(LookupKey, Waiter)
    }

    /// How many questions are asked before the sockets get their turn: a burst of thousands would overflow the socket
    /// buffers, here or at the server, and every lost packet costs a timeout.
    private static let burst = 64

    private let servers: NameServers
    private let timeout: Duration
    private let tries: Int
    private var table: LookupTable<Waiter>
    private var cache = ResolutionCache()
    private var hosts = HostsFile()
    private var health: NameServerHealth
    private var witness = Witness()
    private var toAskAgain: [Question] = []
    /// Questions that all servers have failed, until their next try.
    private var resting = Timeline<Question>()

    init(servers: NameServers, configuration: NameResolverConfiguration) {
        self.servers = servers
        timeout = configuration.timeout
        tries = configuration.tries
        let patience = configuration.timeout * configuration.tries
        table = LookupTable(limits: LookupLimits(concurrent: configuration.maximumConcurrent, patience: patience))
        health = NameServerHealth(servers: servers.count, timeout: configuration.timeout)
    }

    /// Runs until the mailbox is closed; then everything that has no result is unavailable.
    mutating func run(_ mailbox: Mailbox<Command>, wakeUp: borrowing WakeUp) {
        while true {
            let (commands, isClosed) = mailbox.take()
            let now = ContinuousClock.now
            for command in commands {
                carryOut(command, at: now)
            }
            if isClosed {
                break
            }
            start(at: now)
            servers.wait(for: wakeUp, until: hasMoreToDo ? now : nextChange)
            deliver(at: .now)
        }
        for waiter in table.removeAll() {
            waiter.complete(with: NameResolver.shutDown)
        }
        servers.cancelAll()
    }

    private var hasMoreToDo: Bool { table.canStart || !toAskAgain.isEmpty || servers.hasAnswers }

    private var nextChange: Instant? { [table.nextChange, resting.next].compactMap(\.self).min() }

    private mutating func carryOut(_ command: Command, at now: Instant) {
        switch command {
        case .resolve(let key, let waiter):
            let known = AddressFamily.allCases.filter(key.families.contains).compactMap { family in
                knownResolution(of: key, family: family, at: now)
            }
            if known.count == key.families.count {
                waiter.complete(with: Resolution(combining: known))
            } else {
                table.add(waiter, for: key)
            }
        case .abandon(let key, let waiter):
            table.remove(waiter, for: key)
        }
    }

    /// What needs no server: the hosts file goes first, as everywhere, where it is to be asked at all.
    private mutating func knownResolution(of key: LookupKey, family: AddressFamily, at now: Instant) -> Resolution? {
        if key.source == .hostsFileFirst, let addresses = hosts.addresses(of: key.name, family: family, at: now) {
            return .addresses(addresses)
        }
        return cache.resolution(of: key.name, family: family, at: now)
    }

    private mutating func start(at now: Instant) {
        while let question = resting.popFirst(dueBy: now)?.element {
            toAskAgain.append(question)
        }
        for _ in 0..<Self.burst {
            if let question = toAskAgain.popLast() {
                ask(question, at: now)
            } else if let (id, key) = table.next(at: now) {
                begin(id, key, at: now)
            } else {
                return
            }
        }
    }

    private mutating func begin(_ id: LookupID, _ key: LookupKey, at now: Instant) {
        for family in key.families {
            if let known = knownResolution(of: key, family: family, at: now) {
                record(known, for: id, family: family)
            } else {
                ask(Question(lookup: id, name: key.name, family: family, tries: tries), at: now)
            }
        }
    }

    private mutating func ask(_ question: Question, at now: Instant) {
        if question.triesLeft <= 2 {
            askWitness(at: now)
        }
        send(question, at: now)
    }

    /// Before a name is given up it has to be clear whether the servers answer for others.
    private mutating func askWitness(at now: Instant) {
        guard !health.hasConclusiveAnswer(within: timeout / 2, of: now), let question = witness.question() else {
            return
        }
        send(question, at: now)
    }

    private mutating func send(_ question: Question, at now: Instant) {
        var question = question
        let server = health.next(for: question, at: now)
        question.asked(server)
        servers.ask(server, question, at: now)
    }

    private mutating func deliver(at now: Instant) {
        for answer in servers.takeAnswers() {
            take(answer, at: now)
        }
        while let ended = table.giveUp(at: now, as: noAnswer("no name server answered in time", at: now)) {
            complete(ended)
        }
    }

    private mutating func take(_ answer: Answer, at now: Instant) {
        var question = answer.question
        witness.note(answer)
        switch answer.outcome {
        case .conclusive(let resolution, let timeToLive):
            health.answered(answer.server, isConclusive: true, at: now)
            cache.insert(resolution, of: question.name, family: question.family, timeToLive: timeToLive, at: now)
            record(resolution, for: question.lookup, family: question.family)
        case .failed(let reason):
            health.answered(answer.server, isConclusive: false, at: now)
            follow(question.afterFailure(of: answer.server, among: servers.count), of: question, reason, at: now)
        case .unreachable(let reason):
            health.unreachable(answer.server, at: now)
            follow(question.afterFailure(of: answer.server, among: servers.count), of: question, reason, at: now)
        case .silent(let reason):
            health.silent(answer.server, askedAt: answer.askedAt, at: now)
            follow(question.afterSilence(), of: question, reason, at: now)
        }
    }

    private mutating func follow(_ step: Question.NextStep, of question: Question, _ reason: String, at now: Instant) {
        guard let id = question.lookup, table.contains(id) else { return }
        switch step {
        case .askAgain: toAskAgain.append(question)
        case .rest: resting.append(question, due: now + timeout)
        case .giveUp: record(noAnswer(reason, at: now), for: id, family: question.family)
        }
    }

    private func noAnswer(_ reason: String, at now: Instant) -> Resolution {
        let isForOthers = health.hasConclusiveAnswer(within: timeout * 3 / 2, of: now)
        return isForOthers ? .unanswered(reason: reason) : .unavailable(reason: reason)
    }

    private mutating func record(_ resolution: Resolution, for id: LookupID?, family: AddressFamily) {
        guard let id, let ended = table.record(resolution, for: id, family: family) else { return }
        complete(ended)
    }

    private func complete(_ ended: LookupTable<Waiter>.Ended) {
        for waiter in ended.waiters {
            waiter.complete(with: ended.resolution)
        }
    }
}
