import PropertyTesting
import Testing

@testable import ScanStore

@Suite("What a process remembers of Redis")
struct InstallationMemoryTests {
    private var memory = InstallationMemory()

    /// A request that is sent and answered before the next one.
    private mutating func saw(_ writes: Int64, own: Int64 = 0) -> Int64? {
        memory.saw(writes: writes, own: own, since: memory.mark)
    }

    @Test("a count that grows or stays is no loss")
    mutating func growth() {
        let answers = [saw(5), saw(6, own: 1), saw(6), saw(900, own: 1), saw(900)]
        #expect(answers == [nil, nil, nil, nil, nil])
        #expect(memory.losses == 0)
    }

    @Test("a lower count is a loss, reported once")
    mutating func loss() {
        _ = saw(900)
        let answers = [saw(840), saw(840), saw(841, own: 1)]
        #expect(answers == [60, nil, nil])
        #expect(memory.losses == 1)
    }

    @Test("a request's own write does not hide that the last one is gone")
    mutating func ownWrite() {
        _ = saw(900, own: 1)
        let answer = saw(900, own: 1)
        #expect(answer == 1)
    }

    @Test("an emptied Redis has lost all")
    mutating func emptied() {
        _ = saw(900)
        let answer = saw(0)
        #expect(answer == 900)
    }

    @Test("answers that are looked at in another order than they were given are no loss")
    mutating func order() {
        let mark = memory.mark
        let answers = [3, 1, 2].map { memory.saw(writes: $0, own: 1, since: mark) }
        #expect(answers == [nil, nil, nil])
    }

    @Test("an answer from before a loss is not taken for the present")
    mutating func lateAnswer() {
        _ = saw(900)
        let early = memory.mark
        _ = saw(100)
        let late = memory.saw(writes: 950, own: 1, since: early)
        #expect(late == nil)
        let next = saw(101, own: 1)
        #expect(next == nil, "950 is gone")
    }

    @Test(
        "the first installation that is seen is the one to work for; another one, or none, is foreign until it is back"
    )
    mutating func foreign() {
        memory.saw(installation: nil, isAccepted: false, since: memory.mark)
        #expect(memory.foreign == nil && memory.installation == nil, "nobody ever led")
        memory.saw(installation: "a", isAccepted: false, since: memory.mark)
        #expect(memory.foreign == nil && memory.installation == "a")
        for found in ["b", nil] {
            memory.saw(installation: found, isAccepted: false, since: memory.mark)
            #expect(memory.foreign == ForeignInstallation(expected: "a", found: found))
        }
        memory.saw(installation: "a", isAccepted: false, since: memory.mark)
        #expect(memory.foreign == nil)
    }

    @Test("an installation that a person has accepted in place of the known one is worked for from then on")
    mutating func acceptance() {
        memory = InstallationMemory(installation: "a")
        memory.saw(installation: nil, isAccepted: true, since: memory.mark)
        #expect(memory.foreign != nil, "there is nothing to work for")
        let early = memory.mark
        memory.saw(installation: "b", isAccepted: true, since: memory.mark)
        #expect(memory.foreign == nil && memory.installation == "b")
        memory.saw(installation: "a", isAccepted: false, since: early)
        #expect(memory.foreign == nil && memory.installation == "b", "an answer to who worked for another one")
        memory.saw(installation: "a", isAccepted: false, since: memory.mark)
        #expect(memory.foreign == ForeignInstallation(expected: "b", found: "a"))
    }

    @Test("what is wrong is said with what to do about it")
    func advice() {
        let gone = ForeignInstallation(expected: "a", found: nil).description
        #expect(gone.hasPrefix("Redis holds no installation's data instead of installation a;"))
        #expect(gone.contains("'TaskerCoordinator accept-installation a'"))
        let other = ForeignInstallation(expected: "a", found: "b").description
        #expect(other.hasPrefix("Redis holds installation b instead of installation a;"))
    }

    @Test("whatever is in flight when Redis goes back, a loss of what was seen is reported, and nothing else")
    func anyOrder() {
        forAll(cases: 2_000) { generator in
            var memory = InstallationMemory()
            var redis: Int64 = 0
            var shown: Int64 = 0
            var unread: [(answer: Int64, mark: InstallationMemory.Mark)] = []
            for _ in 0..<Int.random(in: 1...40, using: &generator) {
                if Bool.random(using: &generator) {
                    redis += 1
                    unread.append((redis, memory.mark))
                } else if let index = unread.indices.randomElement(using: &generator) {
                    let (answer, mark) = unread.remove(at: index)
                    if memory.saw(writes: answer, own: 1, since: mark) != nil { return "a loss before there was one" }
                    shown = max(shown, answer)
                }
            }
            redis = Int64.random(in: 0...redis, using: &generator)
            let lost = memory.saw(writes: redis + 1, own: 1, since: memory.mark)
            guard lost ?? 0 == max(0, shown - redis) else {
                return "\(redis) after \(shown): \(lost, default: "-")"
            }
            guard lost != nil else { return nil }
            for (answer, mark) in unread where memory.saw(writes: answer, own: 1, since: mark) != nil {
                return "an answer from before the loss, \(answer), is another loss"
            }
            let next = memory.saw(writes: redis + 2, own: 1, since: memory.mark)
            return next == nil ? nil : "\(redis) writes, then two more, are another loss"
        }
    }
}
