import Foundation
import Nmap
import PropertyTesting
import ScanModel
import ScanStore

@testable import TaskerCoordinator

/// One target: what Redis has of it, by the rules of the scripts, and what a leader believes, by `TargetLife`.
struct LifeSimulation {
    /// The target's current task in Redis; nil once it has its outcome.
    private(set) var stored: (task: TaskReference, state: TaskState)?
    private(set) var life: TargetLife?
    private(set) var outcomes = 0
    /// What must never happen and did.
    private(set) var objections: [String] = []
    private(set) var now = ContinuousClock().now

    let maximumAttempts: Int
    private var random: SeededGenerator
    private var isStopped = false
    /// The earlier tasks of the target, which somebody may still speak of.
    private var earlier: [TaskReference] = []

    init(_ random: inout SeededGenerator) {
        maximumAttempts = Int.random(in: 1...4, using: &random)
        self.random = SeededGenerator(seed: random.next())
        let first = TaskReference(scan: ScanID(UUID()), target: 0, phase: .openPorts, attempt: 1)
        stored = (first, .claimed)
        life = TargetLife(reference: first, state: .claimed, since: now)
    }

    var isAgreed: Bool { life?.reference == stored?.task && life?.state == stored?.state }

    // MARK: Anything may happen

    mutating func step() {
        now += .milliseconds(Int.random(in: 0...20_000, using: &random))
        let before = life
        if let old = earlier.randomElement(using: &random), Int.random(in: 0..<4, using: &random) == 0 {
            hear(of: old)
            if life != before { objections.append("news of \(old) changed \(before as Any)") }
            return
        }
        guard let task = stored?.task else { return }
        switch Int.random(in: 0..<12, using: &random) {
        case 0: dispatch()
        case 1: confirm()
        case 2...6: hear(of: task)
        case 7, 8: look([.nowhere, .there, .resultIsIn].randomElement(using: &random) ?? .nowhere)
        case 9: finishImport()
        case 10: takeOver()
        default: if Int.random(in: 0..<10, using: &random) == 0 { stop() }
        }
    }

    /// A worker says something of a task, which may not be the current one.
    private mutating func hear(of task: TaskReference) {
        guard let life, life.reference == task else { return }
        switch Int.random(in: 0..<5, using: &random) {
        case 0:
            let mayStart = [.claimed, .queued].contains(life.state)
            if mayStart { write(.started) }
            self.life?.started(at: now)
        case 1 where life.admits(.nothing(.done, .down)): settle()
        case 2 where life.admits(.failedAttempt(.timedOut, detail: "")): fail()
        case 3 where life.admits(.leadsToServices(.simulated)): beginServices()
        case 4 where life.admits(.finding(.simulated, .done, nil)): beginImport()
        default: break
        }
    }

    private mutating func stop() {
        guard let life, let stored, stored.state != .finishing else { return }
        isStopped = true
        let isKept = stored.task.phase == .services
        self.life = life.stopped(isKept: isKept, at: now)
        if isKept { self.stored?.state = .ready } else { end() }
    }

    /// A new leader knows what Redis knows.
    private mutating func takeOver() {
        life = stored.map { known($0, before: nil) }
        life?.inherited()
    }

    // MARK: What the leader does

    /// Claims, and has the broker's confirmation or not.
    mutating func dispatch() {
        guard let life, !isStopped, life.state == .ready || (life.state == .parked && life.since <= now) else { return }
        stored?.state = .claimed
        self.life = TargetLife(reference: life.reference, state: .claimed, since: now)
    }

    mutating func confirm() {
        guard life?.state == .claimed else { return }
        write(.queued)
        life?.confirmed(at: now)
    }

    mutating func start() {
        guard life?.state == .queued else { return }
        write(.started)
        life?.started(at: now)
    }

    mutating func look(_ sighting: TargetLife.Sighting) {
        if isStopped, life?.state == .ready { return beginImport() }
        guard life?.isQuiet(at: now) == true, let task = life?.reference else { return }
        switch life?.looked(sighting, at: now, limit: .seconds(60), isPaused: Bool.random(using: &random)) {
        case nil, .wait: break
        case .confirm: confirm()
        case .sendAgain: park(task, as: task.attempt, until: now)
        case .fail: fail()
        case .importOpenPorts: settle()
        }
    }

    mutating func finishImport() {
        if life?.state == .finishing { settle() }
    }

    mutating func advance(by duration: Duration) { now += duration }

    private mutating func fail() {
        guard let task = life?.reference else { return }
        switch life?.failed(maximumAttempts: maximumAttempts, using: &random) {
        case nil: objections.append("a failure of \(task) that counts does not count")
        case .retry(let attempt, let pause):
            let longest = Duration.seconds(2 << task.attempt)
            if attempt != task.attempt + 1 { objections.append("attempt \(attempt) follows \(task.attempt)") }
            if pause < longest / 2 || pause > longest { objections.append("a pause of \(pause) after \(task.attempt)") }
            park(task, as: attempt, until: now + pause)
        case .importOpenPorts: beginImport()
        case .fail: settle()
        }
    }

    private mutating func park(_ task: TaskReference, as attempt: Int, until due: ContinuousClock.Instant) {
        expect([.claimed, .queued, .started], "parked")
        let next = TaskReference(scan: task.scan, target: task.target, phase: task.phase, attempt: attempt)
        replace(next, .parked) { $0.parked(attempt: attempt, until: due) }
    }

    private mutating func beginServices() {
        guard let task = stored?.task else { return }
        expect([.claimed, .queued, .started], "ready")
        let next = TaskReference(scan: task.scan, target: task.target, phase: .services, attempt: 1)
        replace(next, .ready) { [now] in $0.ready(at: now) }
    }

    private mutating func beginImport() {
        expect([.claimed, .queued, .started, .ready, .finishing], "finishing")
        stored?.state = .finishing
        life?.finishing(at: now)
    }

    private mutating func settle() {
        expect([.claimed, .queued, .started, .ready, .finishing], "settled")
        life = nil
        end()
    }

    // MARK: Redis

    private mutating func write(_ state: TaskState) { stored?.state = state }

    /// Now and then the answer is lost, and the leader reads again what Redis has.
    private mutating func replace(_ task: TaskReference, _ state: TaskState, _ note: (inout TargetLife) -> Void) {
        if let old = stored?.task { earlier.append(old) }
        stored = (task, state)
        if Int.random(in: 0..<8, using: &random) == 0 {
            life = stored.map { known($0, before: life) }
        } else if var life {
            note(&life)
            self.life = life
        }
        earlier.removeAll { $0 == task }
    }

    private mutating func expect(_ states: Set<TaskState>, _ what: String) {
        if let state = stored?.state, states.contains(state) { return }
        objections.append("\(stored as Any) cannot be \(what)")
    }

    private mutating func end() {
        if let old = stored?.task { earlier.append(old) }
        stored = nil
        outcomes += 1
    }

    private func known(_ stored: (task: TaskReference, state: TaskState), before: TargetLife?) -> TargetLife {
        let task = ActiveScan.Task(task: stored.task, state: stored.state, since: 0, worker: nil)
        return TargetLife(task, known: before, now: now, unixMilliseconds: 0)
    }
}

extension NmapHost {
    /// A host; which one makes no difference.
    static let simulated: NmapHost = {
        let element = #"""
            <host starttime="1" endtime="2"><status state="up" reason="syn-ack" reason_ttl="0"/>
            <address addr="10.0.0.1" addrtype="ipv4"/><ports/></host>
            """#
        do {
            return try NmapHost(encoded: Array(element.utf8))
        } catch {
            fatalError("\(error)")
        }
    }()
}
