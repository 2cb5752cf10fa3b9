import Foundation
import OrderedCollections

/// The tasks that stops took away. Those that may still be somewhere are revoked again until no worker has them; all are told
/// to workers that start, which forgot in their restart what they were to refuse.
actor Tombstones {
    /// As many as a worker remembers; beyond it the oldest go.
    static let limit = 50_000

    private var revoked: OrderedSet<UUID>
    /// Tasks that nobody has confirmed to be gone.
    private(set) var unconfirmed: Set<UUID>

    /// What earlier terms took away, the oldest first. Nobody knows how far they got, so none of it is confirmed.
    init(_ revoked: [UUID] = []) {
        self.revoked = OrderedSet(revoked.suffix(Self.limit))
        unconfirmed = Set(self.revoked)
    }

    /// All of them, the oldest first.
    var all: [UUID] { Array(revoked) }

    /// What a worker that starts is told to refuse: who leads knows of every stop so far, and the worker hears of later ones.
    ///
    /// - Returns: nil where the term is over, so that another leader may know of more.
    func told(under termGuard: TermGuard) -> [UUID]? { termGuard.mayAct ? all : nil }

    /// Remembers tasks that are about to be revoked.
    func add(_ tasks: [UUID]) {
        revoked.append(contentsOf: tasks)
        unconfirmed.formUnion(tasks)
        let excess = revoked.count - Self.limit
        guard excess > 0 else { return }
        unconfirmed.subtract(revoked.prefix(excess))
        revoked.removeFirst(excess)
    }

    /// These are gone: neither queued nor, for all that is known, at a worker.
    func confirm(_ tasks: Set<UUID>) {
        unconfirmed.subtract(tasks)
    }
}
