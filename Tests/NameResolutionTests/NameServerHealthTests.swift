import AddressSpace
import Testing

@testable import NameResolution

@Suite("Health of the name servers")
struct NameServerHealthTests {
    private static let start = ContinuousClock.now
    private static let timeout = Duration.seconds(2)

    private func health(_ servers: Int) -> NameServerHealth {
        NameServerHealth(servers: servers, timeout: Self.timeout)
    }

    private func question(tries: Int = 3) -> Question {
        Question(lookup: nil, name: "a.test", family: .v4, tries: tries)
    }

    @Test("servers are asked in turn, and a question again elsewhere")
    func turns() {
        var health = health(3)
        let firsts = (0..<6).map { _ in health.next(for: question(), at: Self.start) }
        #expect(firsts == [0, 1, 2, 0, 1, 2])
        var asked = question()
        asked.asked(0)
        #expect(health.next(for: asked, at: Self.start) == 1)
        #expect(health.next(for: asked, at: Self.start) == 2)
        #expect(health.next(for: asked, at: Self.start) == 1)
    }

    @Test("a server that answers nobody is left alone, then tried with one question, and an answer brings it back")
    func suspicion() {
        var health = health(2)
        health.silent(1, askedAt: Self.start, at: Self.start + Self.timeout)
        let next = { (seconds: Int) in health.next(for: question(), at: Self.start + .seconds(seconds)) }
        #expect((2..<12).map(next) == Array(repeating: 0, count: 10))
        #expect([next(12), next(12), next(12)] == [1, 0, 0])
        health.answered(1, isConclusive: false, at: Self.start + .seconds(13))
        #expect([next(13), next(13), next(13)].contains(1))
    }

    @Test("silence for one name does not speak against a server that answered others meanwhile")
    func nameIsDead() {
        var health = health(2)
        health.answered(1, isConclusive: true, at: Self.start + .seconds(1))
        health.silent(1, askedAt: Self.start, at: Self.start + Self.timeout)
        let asked = (0..<4).map { _ in health.next(for: question(), at: Self.start + .seconds(3)) }
        #expect(asked == [0, 1, 0, 1])
    }

    @Test("a server that failed for a question is not asked again in the same try, if need be a silent one is")
    func failed() {
        var health = health(3)
        var asked = question()
        #expect(asked.afterFailure(of: 0, among: 3) == .askAgain)
        health.silent(2, askedAt: Self.start, at: Self.start)
        #expect(health.next(for: asked, at: Self.start) == 1)
        #expect(asked.afterFailure(of: 1, among: 3) == .askAgain)
        #expect(health.next(for: asked, at: Self.start) == 2)
    }

    @Test("only an answer about a name, and none before the connection broke, shows that servers answer")
    func conclusive() {
        var health = health(2)
        let later = Self.start + .seconds(1)
        #expect(!health.hasConclusiveAnswer(within: .seconds(3), of: later))
        health.answered(0, isConclusive: false, at: Self.start)
        #expect(!health.hasConclusiveAnswer(within: .seconds(3), of: later))
        health.answered(0, isConclusive: true, at: Self.start)
        #expect(health.hasConclusiveAnswer(within: .seconds(1), of: later))
        #expect(!health.hasConclusiveAnswer(within: .milliseconds(999), of: later))
        health.unreachable(0, at: later)
        #expect(!health.hasConclusiveAnswer(within: .seconds(3), of: later))
    }

    @Test("a question has so many tries; servers that fail at once are asked within one")
    func tries() {
        var question = question(tries: 2)
        question.asked(0)
        #expect(question.afterFailure(of: 0, among: 2) == .askAgain)
        question.asked(1)
        #expect(question.afterFailure(of: 1, among: 2) == .rest)
        question.asked(0)
        #expect(question.afterSilence() == .giveUp)
        #expect(question.afterFailure(of: 0, among: 1) == .giveUp)
    }
}
