import ScanModel
import Testing

@testable import TaskerCoordinator

struct WorkerRegistryTests {
    private let start = ContinuousClock().now

    @Test("a worker counts once everything about it is known, and only if it runs scans")
    func slots() {
        var registry = WorkerRegistry()
        let isNew = registry.heard(from: "tasker@w1", at: start)
        let isNewAgain = registry.heard(from: "tasker@w1", at: start)
        #expect(isNew && !isNewAgain)
        #expect(registry.slots(chainedBy: .coordinator) == 0)
        #expect(registry.unknown.map(\.name) == ["tasker@w1"])
        registry.learned(slots: 4, of: "tasker@w1")
        registry.learned(takes: [.coordinator], of: "tasker@w1")
        _ = registry.heard(from: "other@w2", at: start)
        registry.learned(slots: 8, of: "other@w2")
        registry.learned(takes: [], of: "other@w2")
        #expect(registry.slots(chainedBy: .coordinator) == 4)
        #expect(registry.slots(chainedBy: .worker) == 0)
        #expect(registry.unknown.isEmpty)
        #expect(registry.hosts == ["w1", "w2"])
    }

    @Test("a worker that starts anew under its name is asked again what it takes")
    func restart() {
        var registry = WorkerRegistry()
        _ = registry.heard(from: "tasker@w1", at: start)
        registry.learned(slots: 4, of: "tasker@w1")
        registry.learned(takes: [.coordinator], of: "tasker@w1")
        let isNew = registry.started("tasker@w1", at: start)
        #expect(isNew)
        #expect(registry.unknown.map(\.name) == ["tasker@w1"])
    }

    @Test("what a host does is what those of its nodes do that take scans")
    func activities() {
        var registry = WorkerRegistry()
        for (name, takes, slots) in [("nmap_scan_queue@h", [PhaseChaining.worker], 2), ("nmap_cancel_queue@h", [], 1)] {
            _ = registry.heard(from: name, at: start)
            registry.learned(takes: Set(takes), of: name)
            registry.learned(slots: slots, of: name)
        }
        _ = registry.heard(from: "new@x", at: start)
        #expect(registry.activities["h"]?.takes == [.worker])
        #expect(registry.activities["h"]?.slots == 2)
        #expect(registry.activities["x"]?.slots == nil)
    }

    @Test("a silent worker is gone, one that is heard stays")
    func silence() {
        var registry = WorkerRegistry()
        registry.listening(true, at: start - .seconds(1))
        _ = registry.heard(from: "tasker@w1", at: start)
        _ = registry.heard(from: "tasker@w2", at: start)
        _ = registry.heard(from: "tasker@w2", at: start + .seconds(8))
        let silentAtTen = registry.expire(at: start + .seconds(10))
        let silentAtEleven = registry.expire(at: start + .seconds(11))
        #expect(silentAtTen.isEmpty)
        #expect(silentAtEleven == ["tasker@w1"])
        #expect(registry.hosts == ["w2"])
    }

    @Test("everybody is known once workers could be heard for as long as one may be silent, without a break")
    func knowsEveryone() {
        var registry = WorkerRegistry()
        _ = registry.heard(from: "tasker@w1", at: start)
        #expect(!registry.knowsEveryone(at: start + .seconds(60)), "nobody listens")
        registry.listening(true, at: start)
        registry.listening(true, at: start + .seconds(6))
        #expect(!registry.knowsEveryone(at: start + .seconds(10)))
        #expect(registry.knowsEveryone(at: start + .seconds(11)))
        registry.listening(false, at: start + .seconds(12))
        registry.listening(true, at: start + .seconds(13))
        #expect(!registry.knowsEveryone(at: start + .seconds(20)))
        let silent = registry.expire(at: start + .seconds(20))
        #expect(silent.isEmpty, "nobody could be heard")
    }

    @Test("a worker that goes is lost until it comes back or the broker has closed its connection")
    func lost() {
        var registry = WorkerRegistry()
        registry.listening(true, at: start)
        for name in ["tasker@w1", "tasker@w2", "other@w3"] { _ = registry.heard(from: name, at: start) }
        registry.learned(takes: [.coordinator], of: "tasker@w1")
        registry.learned(takes: [], of: "other@w3")
        registry.left("tasker@w1")
        let silent = Set(registry.expire(at: start + .seconds(11)))
        #expect(silent == ["tasker@w2", "other@w3"])
        #expect(registry.lost == ["tasker@w1", "tasker@w2"])
        _ = registry.heard(from: "tasker@w1", at: start + .seconds(12))
        #expect(registry.lost == ["tasker@w2"])
        registry.disconnected("tasker@w2")
        #expect(registry.lost.isEmpty && registry.hosts == ["w1"])
    }

    @Test("a worker that asks what to refuse is asked from then on what it holds")
    func asked() async {
        let roster = Roster()
        #expect(await roster.heard(from: "tasker@w1"))
        #expect(await roster.nodesToAsk == (asked: [], unheard: ["tasker@w1"]))
        #expect(await !roster.asked("tasker@w1"))
        #expect(await roster.asked("tasker@w2"))
        #expect(await roster.nodesToAsk == (asked: ["tasker@w1", "tasker@w2"], unheard: []))
        #expect(await roster.registry.unknown.count == 2)
    }

    @Test("a worker that says nothing of itself is told from those that are about to")
    func reticent() {
        var registry = WorkerRegistry()
        for name in ["tasker@w1", "tasker@w2", "tasker@w3"] { _ = registry.heard(from: name, at: start) }
        registry.learned(takes: [.coordinator], of: "tasker@w1")
        registry.learned(slots: 4, of: "tasker@w1")
        registry.learned(takes: [.coordinator], of: "tasker@w2")
        _ = registry.heard(from: "tasker@w4", at: start + .seconds(5))
        #expect(registry.reticent(at: start + .seconds(9)).isEmpty)
        #expect(registry.reticent(at: start + .seconds(10)) == ["tasker@w2", "tasker@w3"])
    }

    @Test("a window follows the slots within its bounds, and is shut where nobody works")
    func window() {
        let window = DispatchWindow(perSlot: 3, minimum: 16, maximum: 4_096)
        #expect(window.size(slots: 0) == 0)
        #expect(window.size(slots: 2) == 16)
        #expect(window.size(slots: 100) == 300)
        #expect(window.size(slots: .max) == 4_096)
    }
}
