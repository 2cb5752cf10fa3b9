import AddressSpace
import Foundation
import PropertyTesting
import ScanModel
import ScanStore

@testable import TaskerCoordinator

/// A dispatcher, workers, users and a clock that act at random upon a book, and an account of what is in flight that owes
/// nothing to the book's own.
struct DispatchSimulation {
    let book: ScanBook
    let limits: PolitenessLimits
    let window: Int
    let clock: ManualClock
    var random: SeededGenerator

    private(set) var scans: [ActiveScan]
    private(set) var outstanding: [TaskReference] = []
    /// How often each target had a first attempt of its first phase, but for those taken back by a pause.
    private(set) var firstDispatches: [ScanID: [Int: Int]] = [:]
    private(set) var settled: [ScanID: Set<Int>] = [:]
    private(set) var mostParked = 0
    /// What must not happen and did.
    private(set) var violations: Set<String> = []
    private var paused: Set<ScanID> = []
    private var inFlight: [Politeness.Place: Int] = [:]

    init(_ scans: [ActiveScan], limits: PolitenessLimits, window: Int, seed: UInt64) async {
        let clock = ManualClock()
        self.clock = clock
        self.scans = scans
        self.limits = limits
        self.window = window
        random = SeededGenerator(seed: seed)
        book = ScanBook(politeness: limits) { clock.now }
        for scan in scans { await book.adopt(scan) }
    }

    /// One thing happens.
    mutating func step() async {
        switch Int.random(in: 0..<20, using: &random) {
        case 0..<6: await dispatch()
        case 6..<15: await report()
        case 15, 16: clock.advance(by: .milliseconds(Int.random(in: 0...3_000, using: &random)))
        case 17: await pace()
        case 18: await takeBack()
        default: await dispatchAll()
        }
    }

    /// All that is left runs to its end. Returns false where it does not come to one.
    mutating func finish() async -> Bool {
        paused = []
        for scan in scans { await book.pace(paused: [], of: scan.project) }
        var rounds = 0
        while await !book.activeProjects.isEmpty {
            rounds += 1
            guard rounds < 5_000 else { return false }
            clock.advance(by: .seconds(1))
            while await dispatch() {}
            for task in outstanding { await settle(task) }
        }
        return true
    }

    mutating func dispatchAll() async {
        while await dispatch() {}
        if await !book.overlooked(window: window).isEmpty { violations.insert("a target that may go is overlooked") }
    }

    @discardableResult
    private mutating func dispatch() async -> Bool {
        guard let batch = await book.nextBatch(window: window, atMost: 16) else { return false }
        await book.claimed(batch.claims, of: batch.scan, cursor: batch.cursorAfter)
        if paused.contains(batch.scan) { violations.insert("a paused scan is dispatched") }
        for claim in batch.claims where claim.source != .passedOver {
            if claim.task.phase == .openPorts, claim.task.attempt == 1 {
                firstDispatches[claim.task.scan, default: [:]][claim.task.target, default: 0] += 1
            }
            outstanding.append(claim.task)
            count(claim.task, 1)
        }
        if await max(outstanding.count, book.inFlight) > window { violations.insert("the window is exceeded") }
        mostParked = max(mostParked, await book.backlogs[batch.scan]?.tasks.parkedCount ?? 0)
        return true
    }

    private mutating func report() async {
        guard let task = outstanding.randomElement(using: &random) else { return }
        switch Int.random(in: 0..<8, using: &random) {
        case 0: await book.confirmed([task])
        case 1: await book.started(task)
        case 2 where task.phase == .openPorts:
            remove(task)
            await book.ready(after: task)
        case 3:
            remove(task)
            let parking = Parking(task: task, nextAttempt: task.attempt + 1, notBefore: 0)
            await book.parked([parking], until: clock.now + .seconds(Int.random(in: 0...5, using: &random)))
        case 4: await adoptAgain(task.scan)
        default: await settle(task)
        }
    }

    private mutating func settle(_ task: TaskReference) async {
        remove(task)
        if !settled[task.scan, default: []].insert(task.target).inserted {
            violations.insert("a target is settled twice")
        }
        await book.settled([task])
    }

    /// Users pause and resume.
    private mutating func pace() async {
        guard let scan = scans.randomElement(using: &random) else { return }
        let own = Set(scans.filter { $0.project == scan.project }.map(\.id))
        let chosen = own.filter { _ in Int.random(in: 0..<4, using: &random) == 0 }
        paused = paused.subtracting(own).union(chosen)
        await book.pace(paused: chosen, of: scan.project)
    }

    /// A pause takes messages back out of the queues.
    private mutating func takeBack() async {
        for task in await book.outstandingWithBroker(of: paused) {
            remove(task)
            if task.phase == .openPorts, task.attempt == 1 {
                firstDispatches[task.scan]?[task.target]? -= 1
            }
            await book.parked([Parking(task: task, nextAttempt: task.attempt, notBefore: 0)], until: clock.now)
        }
    }

    /// A refresh, or a takeover: the scan as Redis has it.
    private func adoptAgain(_ id: ScanID) async {
        guard let scan = scans.first(where: { $0.id == id }), let backlog = await book.backlogs[id] else { return }
        let copy = ActiveScan(
            id: id,
            project: scan.project,
            request: scan.request,
            state: .running,
            isStopRequested: false,
            isPaused: paused.contains(id),
            plan: scan.plan,
            cursor: backlog.cursor,
            tasks: backlog.tasks.all.map {
                let due = UnixTime.milliseconds + Int(($0.since - clock.now) / .milliseconds(1))
                return .init(task: $0.reference, state: $0.state, since: due, worker: nil)
            }
        )
        await book.adopt(copy)
    }

    private mutating func remove(_ task: TaskReference) {
        outstanding.removeAll { $0 == task }
        count(task, -1)
    }

    private mutating func count(_ task: TaskReference, _ change: Int) {
        guard let plan = scans.first(where: { $0.id == task.scan })?.plan else { return }
        let address = plan.address(of: task.target)
        let kinds = [(Politeness.Place.address(address), limits.perTarget), (.network(of: address), limits.perNetwork)]
        for (place, limit) in kinds {
            inFlight[place, default: 0] += change
            if limit > 0, inFlight[place, default: 0] > limit { violations.insert("\(place) has too many") }
        }
    }
}

extension ScanBook {
    /// What differs between the book's counts and a walk through all its tasks.
    func miscounts() -> [String] {
        var wrong: [String] = []
        var places = Politeness(PolitenessLimits(perTarget: .max, perNetwork: .max))
        var addresses: Set<IPAddress> = []
        var total = 0
        var ids: Set<UUID> = []
        var byProject: [ProjectID: Int] = [:]
        for backlog in backlogs.values {
            for task in backlog.tasks.all {
                if task.state.isOutstanding { ids.insert(task.reference.taskID) }
                guard task.hasPlace, let address = backlog.entry.plan?.address(of: task.reference.target) else {
                    continue
                }
                total += 1
                byProject[backlog.entry.project, default: 0] += 1
                places.enter(address)
                addresses.insert(address)
            }
        }
        if total != inFlight { wrong.append("in flight") }
        if ids != Set(tasksByID.keys) { wrong.append("ids") }
        if byProject != projects.mapValues(\.places).filter({ $0.value > 0 }) { wrong.append("projects") }
        for place in addresses.flatMap({ places.places(of: $0) }) where admission.politeness.room(at: place) != .max {
            if places.count(at: place) != admission.politeness.count(at: place) { wrong.append("\(place)") }
        }
        if addresses.isEmpty, !admission.politeness.isEmpty { wrong.append("places that nobody has") }
        return wrong
    }

    /// Targets that could be dispatched and were not, after nothing more was chosen.
    func overlooked(window: Int) -> [TaskReference] {
        var overlooked: [TaskReference] = []
        for backlog in backlogs.values where !backlog.isHeld {
            guard let plan = backlog.entry.plan else { continue }
            let own = projects[backlog.entry.project]?.places ?? 0
            let hasRoom = DispatchWindow.room(in: window, inFlight: inFlight, own: own) > 0
            for task in backlog.tasks.all {
                let isDue = task.state == .ready || task.state == .parked && task.since <= now()
                let isAdmitted = task.hasPlace || admission.politeness.admits(plan.address(of: task.reference.target))
                if isDue, isAdmitted, hasRoom || task.hasPlace { overlooked.append(task.reference) }
            }
            if hasRoom, backlog.pending > 0, backlog.tasks.parkedCount < ScanBacklog.parkedLimit {
                overlooked.append(
                    TaskReference(scan: backlog.entry.id, target: -1, phase: .openPorts, attempt: 1)
                )
            }
        }
        return overlooked
    }
}
