import PropertyTesting
import Testing

@testable import TaskerCoordinator

struct FairTurnsTests {
    private func turns(_ members: String...) -> FairTurns<String> {
        var turns = FairTurns<String>(quantum: 4)
        for member in members { turns.join(member) }
        return turns
    }

    @Test("a member sends its quantum, then it is the next one's turn")
    func quantum() {
        var turns = turns("a", "b")
        #expect(turns.members == ["a", "b"])
        #expect(turns.allowance(of: "a") == 4)
        turns.spend(3, by: "a")
        #expect(turns.members == ["a", "b"], "the rest of the quantum is kept, and the turn with it")
        #expect(turns.allowance(of: "a") == 1)
        turns.spend(1, by: "a")
        #expect(turns.members == ["b", "a"])
        #expect(turns.allowance(of: "b") == 4)
    }

    @Test("who has nothing to send loses the turn and what is left of the quantum")
    func forfeit() {
        var turns = turns("a", "b")
        turns.spend(1, by: "a")
        turns.forfeit("a")
        #expect(turns.members == ["b", "a"])
        turns.forfeit("b")
        #expect(turns.allowance(of: "a") == 4)
    }

    @Test("what is sent out of turn counts against the next turns, one quantum of it at most")
    func outOfTurn() {
        var turns = turns("a", "b", "c")
        turns.spend(2, by: "b")
        #expect(turns.members.first == "a", "it is still the same one's turn")
        turns.spend(4, by: "a")
        #expect(turns.members.first == "b")
        #expect(turns.allowance(of: "b") == 2)
        turns.spend(1_000, by: "c")
        turns.spend(2, by: "b")
        #expect(turns.members.first == "a", "c lost one turn")
        turns.spend(4, by: "a")
        turns.spend(4, by: "b")
        #expect(turns.members.first == "c")
    }

    @Test("a lone member keeps nobody waiting, whatever it sends")
    func alone() {
        var turns = turns("a")
        #expect(turns.allowance(of: "a") == .max)
        turns.spend(1_000_000, by: "a")
        turns.forfeit("a")
        #expect(turns.members == ["a"])
        turns.join("b")
        #expect(turns.allowance(of: "a") == 4)
    }

    @Test("members come at the end and go at any time")
    func comingAndGoing() {
        var turns = turns("a", "b")
        turns.spend(1, by: "a")
        turns.join("c")
        turns.join("a")
        #expect(turns.members == ["a", "b", "c"])
        turns.leave("a")
        #expect(turns.members == ["b", "c"])
        #expect(turns.allowance(of: "b") == 4)
        turns.leave("c")
        turns.leave("c")
        turns.leave("b")
        #expect(turns.members.isEmpty)
    }

    @Test("whoever always has something to send gets the same as any other, over any stretch, to within one quantum")
    func fairness() {
        var random = SeededGenerator(seed: 7)
        var turns = turns("a", "b", "c", "d")
        var sent: [String: Int] = [:]
        for step in 1...20_000 {
            let member = turns.members[0]
            if member == "d" {
                turns.forfeit(member)
                continue
            }
            let count = min(turns.allowance(of: member), Int.random(in: 1...3, using: &random))
            turns.spend(count, by: member)
            sent[member, default: 0] += count
            let busy = ["a", "b", "c"].map { sent[$0, default: 0] }
            let spread = (busy.max() ?? 0) - (busy.min() ?? 0)
            #expect(spread <= turns.quantum, "after step \(step)")
            guard spread <= turns.quantum else { return }
        }
    }
}
