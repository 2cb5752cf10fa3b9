import Crypto
import Foundation
import ScanLedger
import ScanModel

/// Asks ScanLedger who may do what, and remembers the answer for a little while.
///
/// Concurrent questions that are the same share one lookup. Tokens are not kept: entries go by an HMAC of the token under
/// a key of this process.
actor AccessControl {
    /// For how long answers hold.
    struct Lifetimes: Sendable {
        /// A yes.
        var positive = Duration.seconds(30)
        /// A no, or "no such project".
        var negative = Duration.seconds(5)
        /// A yes, for those who want to stop something while ScanLedger does not answer.
        var positiveInOutage = Duration.seconds(15 * 60)
    }

    /// How old a yes may be.
    enum Leniency: Hashable, Sendable {
        /// As `Lifetimes.positive` says, always.
        case none
        /// Up to `Lifetimes.positiveInOutage` while ScanLedger does not answer.
        case duringOutage
    }

    /// Looks an answer up in ScanLedger.
    typealias Lookup = @Sendable (AccessScope, BearerToken) async throws(LedgerError) -> LedgerAccess

    private typealias Fingerprint = [UInt8]

    private struct Question: Hashable {
        let token: Fingerprint
        let scope: AccessScope
    }

    private typealias Answer = Result<LedgerAccess, LedgerError>

    private let lifetimes: Lifetimes
    private let lookup: Lookup
    private let now: @Sendable () -> ContinuousClock.Instant
    private let key = SymmetricKey(size: .bits256)
    private var granted: ExpiringCache<Question, LedgerAccess>
    private var refused: ExpiringCache<Question, LedgerAccess>
    private let maximumStrangers: Int
    private var strangers = 0
    private var known: ExpiringCache<Fingerprint, Void>
    private var waiting: [Question: [CheckedContinuation<Answer, Never>]] = [:]

    /// - Parameters:
    ///   - capacity: how many answers of each kind are kept. A flood of bad tokens cannot push good ones out.
    ///   - maximumStrangers: how many lookups run at a time for tokens that were not granted anything lately. A flood
    ///     of bad tokens cannot take the connections to ScanLedger from known callers.
    ///   - now: the clock.
    ///   - lookup: asks ScanLedger.
    init(
        lifetimes: Lifetimes = Lifetimes(),
        capacity: Int = 10_000,
        maximumStrangers: Int = 64,
        now: @escaping @Sendable () -> ContinuousClock.Instant = { ContinuousClock.now },
        lookup: @escaping Lookup
    ) {
        self.lifetimes = lifetimes
        self.maximumStrangers = maximumStrangers
        self.lookup = lookup
        self.now = now
        granted = ExpiringCache(capacity: capacity, lifetime: lifetimes.positiveInOutage)
        refused = ExpiringCache(capacity: capacity, lifetime: lifetimes.negative)
        known = ExpiringCache(capacity: capacity, lifetime: lifetimes.positiveInOutage)
    }

    /// What the caller with a token may do.
    ///
    /// - Throws: where ScanLedger does not answer and no older answer holds, or too many unknown callers ask. That is
    ///   not a refusal.
    func access(
        to scope: AccessScope,
        with token: BearerToken,
        leniency: Leniency = .none
    ) async throws(LedgerError) -> LedgerAccess {
        let question = Question(token: fingerprint(token), scope: scope)
        if let access = granted.value(for: question, notOlderThan: lifetimes.positive, now: now())
            ?? refused.value(for: question, notOlderThan: lifetimes.negative, now: now())
        {
            return access
        }
        switch await ask(question, token) {
        case .success(let access): return access
        case .failure(let error):
            guard leniency == .duringOutage,
                let access = granted.value(for: question, notOlderThan: lifetimes.positiveInOutage, now: now())
            else { throw error }
            return access
        }
    }

    /// Whether a token was good for something lately.
    func knows(_ token: BearerToken) -> Bool {
        isKnown(fingerprint(token))
    }

    private func isKnown(_ token: Fingerprint) -> Bool {
        known.value(for: token, notOlderThan: lifetimes.positiveInOutage, now: now()) != nil
    }

    private func ask(_ question: Question, _ token: BearerToken) async -> Answer {
        if waiting[question] != nil {
            return await withCheckedContinuation { waiting[question, default: []].append($0) }
        }
        let isStranger = !isKnown(question.token)
        guard !isStranger || strangers < maximumStrangers else { return .failure(.tooManyStrangers) }
        strangers += isStranger ? 1 : 0
        defer { strangers -= isStranger ? 1 : 0 }
        waiting[question] = []
        // An answer is as old as its question: what has changed meanwhile, it may not know of.
        let asked = now()
        let answer: Answer
        do {
            answer = .success(try await lookup(question.scope, token))
        } catch {
            answer = .failure(error)
        }
        remember(answer, for: question, askedAt: asked)
        for continuation in waiting.removeValue(forKey: question) ?? [] { continuation.resume(returning: answer) }
        return answer
    }

    private func remember(_ answer: Answer, for question: Question, askedAt asked: ContinuousClock.Instant) {
        switch answer {
        case .success(.granted):
            refused.remove(question)
            granted.insert(.granted, for: question, now: asked)
            known.insert((), for: question.token, now: asked)
        case .success(let access):
            granted.remove(question)
            refused.insert(access, for: question, now: asked)
        case .failure: break
        }
    }

    /// How many questions wait for another one's lookup.
    var waitingCount: Int { waiting.values.reduce(0) { $0 + $1.count } }

    private func fingerprint(_ token: BearerToken) -> Fingerprint {
        Array(HMAC<SHA256>.authenticationCode(for: Data(token.secret.utf8), using: key))
    }
}

extension AccessControl {
    /// Access control by a ScanLedger.
    init(ledger: LedgerClient, positiveLifetime: Duration) {
        self.init(lifetimes: Lifetimes(positive: positiveLifetime)) { scope, token throws(LedgerError) in
            switch scope {
            case .project(let project):
                return try await ledger.access(to: project, callerToken: token.secret)
            case .anyCaller:
                return try await ledger.authenticate(callerToken: token.secret) ? .granted : .denied
            }
        }
    }
}

extension LedgerError {
    fileprivate static let tooManyStrangers = LedgerError(
        code: .unavailable,
        message: "not asked: too many lookups for unknown callers are under way",
        retryAfter: .seconds(1)
    )
}
