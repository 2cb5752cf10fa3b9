/// Whose turn it is to send, and how much: deficit round robin with costs of one.
///
/// Each turn brings a quantum. A member that cannot use it up because the window is full keeps the rest and its turn; one
/// that has nothing to send loses both. What is sent out of turn, because it needs no room in the window or there is
/// room that the member in turn may not use, counts against later turns, at most one quantum of it.
///
/// Source: M. Shreedhar and G. Varghese, "Efficient Fair Queueing Using Deficit Round Robin" (SIGCOMM 1995).
struct FairTurns<Member: Hashable & Sendable>: Sendable {
    let quantum: Int
    /// In the order of their turns; the first one's turn has begun.
    private(set) var members: [Member] = []
    private var deficits: [Member: Int] = [:]

    init(quantum: Int = 64) {
        precondition(quantum > 0, "a turn is worth something")
        self.quantum = quantum
    }

    /// Its turn comes after those of all others.
    mutating func join(_ member: Member) {
        guard deficits[member] == nil else { return }
        members.append(member)
        deficits[member] = members.count == 1 ? quantum : 0
    }

    mutating func leave(_ member: Member) {
        guard deficits.removeValue(forKey: member) != nil else { return }
        let hadTurn = members.first == member
        members.removeAll { $0 == member }
        if hadTurn { beginTurn() }
    }

    /// The most that a member should send now; a lone one keeps nobody waiting.
    func allowance(of member: Member) -> Int {
        if members.count == 1 { return .max }
        return member == members.first ? deficits[member, default: 0] : quantum
    }

    mutating func spend(_ count: Int, by member: Member) {
        guard let deficit = deficits[member] else { return }
        deficits[member] = max(-quantum, deficit - count)
        if member == members.first, deficit <= count { endTurn() }
    }

    /// The member has nothing to send.
    mutating func forfeit(_ member: Member) {
        guard member == members.first else { return }
        deficits[member] = 0
        endTurn()
    }

    private mutating func endTurn() {
        members.append(members.removeFirst())
        beginTurn()
    }

    private mutating func beginTurn() {
        while let member = members.first {
            let deficit = deficits[member, default: 0] + quantum
            deficits[member] = deficit
            if deficit > 0 { return }
            members.append(members.removeFirst())
        }
    }
}
