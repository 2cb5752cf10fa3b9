import AddressSpace

/// One family of a name, on its way from name server to name server.
struct Question {
    /// What to do after a server did not help.
    enum NextStep: Hashable {
        case askAgain
        /// All servers have failed at once: the next try begins when silence would have ended this one.
        case rest
        case giveUp
    }

    /// The look-up it belongs to; nil for one that only asks whether the servers answer.
    let lookup: LookupID?
    let name: String
    let family: AddressFamily
    /// How many tries may still begin.
    private(set) var triesLeft: Int
    /// The server asked last, by its place in the list.
    private(set) var server: Int?
    /// The servers that have failed in this try.
    private(set) var failedServers: Set<Int> = []

    init(lookup: LookupID?, name: String, family: AddressFamily, tries: Int) {
        self.lookup = lookup
        self.name = name
        self.family = family
        triesLeft = tries
    }

    mutating func asked(_ server: Int) {
        self.server = server
        triesLeft -= 1
    }

    /// The server did not answer in time.
    func afterSilence() -> NextStep {
        triesLeft > 0 ? .askAgain : .giveUp
    }

    /// A server cannot or will not answer, or is not there. It said so at once, so the others are asked within the same
    /// try.
    mutating func afterFailure(of server: Int, among servers: Int) -> NextStep {
        failedServers.insert(server)
        if failedServers.count < servers {
            triesLeft += 1
            return .askAgain
        }
        failedServers = []
        return triesLeft > 0 ? .rest : .giveUp
    }
}

/// What a server made of a question.
struct Answer {
    enum Outcome {
        /// An answer that holds for `timeToLive`: addresses, or that there are none.
        case conclusive(Resolution, timeToLive: Duration)
        /// The server answered that it cannot or will not tell.
        case failed(reason: String)
        /// The server did not answer in time.
        case silent(reason: String)
        /// Nobody listens there, or the connection broke.
        case unreachable(reason: String)
    }

    let question: Question
    /// The server asked, by its place in the list, and when.
    let server: Int
    let askedAt: ContinuousClock.Instant
    let outcome: Outcome
}
