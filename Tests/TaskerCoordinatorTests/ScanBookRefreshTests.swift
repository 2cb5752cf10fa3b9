import Foundation
import PropertyTesting
import ScanModel
import ScanStore
import Testing

@testable import TaskerCoordinator

/// The book is put right by what Redis says, while the life of the scan goes on.
struct ScanBookRefreshTests {
    private let book = ScanBook(politeness: .none)
    private let scan = ActiveScan.running(
        targets: 10,
        cursor: 3,
        tasks: [(0, .openPorts, .queued), (1, .openPorts, .started), (2, .openPorts, .queued)]
    )

    private func course(_ tasks: [Int: ActiveScan.Task], cursor: Int = 3, isPaused: Bool = false) -> ActiveScan.Course {
        ActiveScan.Course(isStopRequested: false, isPaused: isPaused, cursor: cursor, tasks: tasks)
    }

    private func found(_ target: Int, _ state: TaskState, attempt: Int = 1) -> ActiveScan.Task {
        let task = TaskReference(scan: scan.id, target: target, phase: .openPorts, attempt: attempt)
        return ActiveScan.Task(task: task, state: state, since: 0, worker: nil)
    }

    @Test("what Redis says differs is put right: targets that are gone, that moved on, or that nobody here heard of")
    func differences() async throws {
        await book.adopt(scan)
        let known = try #require(await book.backlogs[scan.id])
        let tasks = [0: found(0, .parked, attempt: 2), 2: found(2, .queued), 7: found(7, .claimed)]
        await book.correct(known, by: course(tasks, cursor: 4))
        #expect(await book.current(found(0, .parked, attempt: 2).task)?.state == .parked)
        #expect(await book.current(scan.tasks[1].task) == nil)
        #expect(await book.current(scan.tasks[2].task)?.since == known.tasks[2]?.since)
        #expect(await book.task(found(7, .claimed).task.taskID)?.target == 7)
        #expect(await book.backlogs[scan.id]?.cursor == 4)
        #expect(await book.miscounts() == [])
    }

    @Test("what changed here while Redis was read stays as it is here; the rest is put right all the same")
    func changedMeanwhile() async throws {
        await book.adopt(scan)
        let known = try #require(await book.backlogs[scan.id])
        await book.settled([scan.tasks[0].task])
        await book.confirmed([scan.tasks[2].task])
        await book.finishing(scan.tasks[2].task)
        await book.correct(known, by: course([0: found(0, .queued), 2: found(2, .queued)]))
        #expect(await book.current(scan.tasks[0].task) == nil)
        #expect(await book.current(scan.tasks[1].task) == nil, "it did not change here, and Redis has it no more")
        #expect(await book.current(scan.tasks[2].task)?.state == .finishing)
    }

    @Test("a target that came and went while Redis was read does not come back, nor does the cursor go back")
    func cameAndWent() async throws {
        await book.adopt(scan)
        let known = try #require(await book.backlogs[scan.id])
        let claim = Claim(task: found(5, .claimed).task, source: .fresh)
        await book.claimed([claim], of: scan.id, cursor: 4)
        await book.settled([claim.task])
        await book.correct(known, by: course([5: found(5, .claimed)], cursor: 3))
        #expect(await book.current(claim.task) == nil)
        #expect(await book.backlogs[scan.id]?.cursor == 4)
    }

    @Test("a scan that Redis says is paused is held up, and what is between its phases gives its place up")
    func paused() async throws {
        await book.adopt(scan)
        await book.ready(after: scan.tasks[0].task)
        let known = try #require(await book.backlogs[scan.id])
        let services = TaskReference(scan: scan.id, target: 0, phase: .services, attempt: 1)
        let ready = ActiveScan.Task(task: services, state: .ready, since: 0, worker: nil)
        await book.correct(known, by: course([0: ready, 1: found(1, .started), 2: found(2, .queued)], isPaused: true))
        #expect(await book.nextBatch(window: 100, atMost: 10) == nil)
        #expect(await book.inFlight == 2)
    }

    @Test("a scan of which Redis has nothing left is forgotten, and another scan of the same id is left alone")
    func settledElsewhere() async throws {
        await book.adopt(scan)
        let known = try #require(await book.backlogs[scan.id])
        await book.adopt(scan)
        await book.correct(known, by: course([:], cursor: 10))
        #expect(await book.openTasks(of: [scan.id]) == 3, "it was taken in anew since")
        await book.correct(try #require(await book.backlogs[scan.id]), by: course([:], cursor: 10))
        #expect(await book.entry(scan.id) == nil)
    }

    @Test("a reading at any moment of any life leaves the book with what Redis has, also where replies were lost")
    func anyLife() async throws {
        for seed in 0..<10_000 {
            var life = await LifeInRedis(seed: UInt64(seed), losesReplies: seed.isMultiple(of: 2))
            for _ in 0..<Int.random(in: 5...20, using: &life.random) { await life.step() }
            let differences = await life.differencesAtTheEnd()
            #expect(differences == [], "seed \(seed)")
            guard differences == [] else { return }
        }
    }
}

/// A scan's life in Redis, the book that follows it some steps behind, and a reader that takes its time.
private struct LifeInRedis {
    var random: SeededGenerator
    private let losesReplies: Bool
    private let book = ScanBook(politeness: .none)
    private let id: ScanID
    private var cursor = 0
    private var tasks: [Int: ActiveScan.Task] = [:]
    /// What Redis did and the book has not heard of yet.
    private var news: [@Sendable (ScanBook) async -> Void] = []
    private var known: ScanBacklog?
    private var reading: ActiveScan.Course?

    init(seed: UInt64, losesReplies: Bool) async {
        random = SeededGenerator(seed: seed)
        self.losesReplies = losesReplies
        let scan = ActiveScan.running(targets: 12)
        id = scan.id
        await book.adopt(scan)
    }

    private var course: ActiveScan.Course {
        ActiveScan.Course(isStopRequested: false, isPaused: false, cursor: cursor, tasks: tasks)
    }

    mutating func step() async {
        switch Int.random(in: 0..<12, using: &random) {
        case 0..<2: claimFresh()
        case 2..<6: goOn()
        case 6..<9: if !news.isEmpty { await news.removeFirst()(book) }
        case 9:
            known = await book.backlogs[id]
            reading = nil
        case 10: if known != nil { reading = course }
        default: await correct()
        }
    }

    /// What differs once the book has heard all, and was put right once more where it did not hear all.
    mutating func differencesAtTheEnd() async -> [String] {
        await correct()
        for tell in news { await tell(book) }
        if losesReplies, let known = await book.backlogs[id] { await book.correct(known, by: course) }
        let backlog = await book.backlogs[id]
        var differences = await book.miscounts()
        for target in 0..<12 {
            let (ours, theirs) = (backlog?.tasks[target], tasks[target])
            guard (ours?.reference, ours?.state) != (theirs?.task, theirs?.state) else { continue }
            differences.append("target \(target) is \(ours?.state.rawValue ?? "unknown")")
        }
        if let backlog, backlog.cursor != cursor { differences.append("cursor \(backlog.cursor)") }
        return differences
    }

    private mutating func correct() async {
        if let known, let reading { await book.correct(known, by: reading) }
        (known, reading) = (nil, nil)
    }

    private mutating func tell(_ news: @escaping @Sendable (ScanBook) async -> Void) {
        if losesReplies, Int.random(in: 0..<8, using: &random) == 0 { return }
        self.news.append(news)
    }

    private mutating func claimFresh() {
        // The last one stays, so that the scan does not end.
        guard cursor < 11 else { return }
        claim(TaskReference(scan: id, target: cursor, phase: .openPorts, attempt: 1), .fresh)
    }

    private mutating func claim(_ task: TaskReference, _ source: Claim.Source) {
        if source == .fresh { cursor += 1 }
        put(task, .claimed)
        let claim = Claim(task: task, source: source)
        tell { [id, cursor] in await $0.claimed([claim], of: id, cursor: cursor) }
    }

    private mutating func put(_ task: TaskReference, _ state: TaskState) {
        tasks[task.target] = ActiveScan.Task(task: task, state: state, since: 0, worker: nil)
    }

    /// A target goes one step on.
    private mutating func goOn() {
        let targets = tasks.keys.sorted()
        guard let target = targets.randomElement(using: &random), let found = tasks[target] else { return }
        let task = found.task
        switch (found.state, Int.random(in: 0..<5, using: &random)) {
        case (.parked, _): claim(task, .parked)
        case (.ready, _): claim(task, .ready)
        case (.finishing, _), (_, 0):
            tasks[target] = nil
            tell { await $0.settled([task]) }
        case (.claimed, 1):
            put(task, .queued)
            tell { await $0.confirmed([task]) }
        case (.claimed, 2), (.queued, 1...2):
            put(task, .started)
            tell { await $0.started(task) }
        case (_, 3) where task.phase == .openPorts:
            put(TaskReference(scan: id, target: target, phase: .services, attempt: 1), .ready)
            tell { await $0.ready(after: task) }
        case (_, 4):
            put(TaskReference(scan: id, target: target, phase: task.phase, attempt: task.attempt + 1), .parked)
            let parking = Parking(task: task, nextAttempt: task.attempt + 1, notBefore: 0)
            tell { await $0.parked([parking], until: ContinuousClock().now) }
        default:
            put(task, .finishing)
            tell { await $0.finishing(task) }
        }
    }
}
