import Foundation
import ScanModel
import ScanStore
import Testing

@testable import TaskerCoordinator

@Suite("Who chains the phases of a scan")
struct ChainingDecisionTests {
    private let start = ContinuousClock().now

    /// A registry of nodes with what each takes; nil where it has not said yet.
    private func registry(_ nodes: [String: Set<PhaseChaining>?]) -> WorkerRegistry {
        var registry = WorkerRegistry()
        for (name, takes) in nodes {
            _ = registry.heard(from: name, at: start)
            if let takes { registry.learned(takes: takes, of: name) }
        }
        return registry
    }

    @Test("the worker, where only existing workers are alive")
    func onlyExisting() {
        let registry = registry([
            "nmap_scan_queue@h": [.worker], "nmap_cancel_queue@h": [], "worker_service_broadcast@h": [],
        ])
        #expect(registry.chaining(at: start) == .worker)
    }

    @Test("the coordinator, as soon as one worker knows its tasks")
    func oneReferenceWorker() {
        let registry = registry(["nmap_scan_queue@h": [.worker], "tasker@w": [.coordinator], "new@x": nil])
        #expect(registry.chaining(at: start) == .coordinator)
    }

    @Test("nobody yet, where no worker takes scans")
    func nobody() {
        #expect(registry([:]).chaining(at: start) == nil)
        #expect(registry(["nmap_cancel_queue@h": []]).chaining(at: start) == nil)
    }

    @Test("a node that has not said what it takes is waited for, but not for ever")
    func unknownNode() {
        let registry = registry(["nmap_scan_queue@h": [.worker], "tasker@w": nil])
        #expect(registry.chaining(at: start + .seconds(9)) == nil)
        #expect(registry.chaining(at: start + .seconds(10)) == .worker)
    }

    @Test("a scan is not dispatched before that is decided, and a decision stands")
    func bookWaits() async throws {
        let book = ScanBook(politeness: .none)
        let scan = ActiveScan.running(chaining: nil)
        await book.adopt(scan)
        #expect(await book.undecided.map(\.id) == [scan.id])
        #expect(await book.nextBatch(window: 16, atMost: 16) == nil)
        await book.decided(.worker, of: scan.id)
        await book.decided(.coordinator, of: scan.id)
        #expect(await book.chaining(of: scan.id) == .worker)
        #expect(await book.undecided.isEmpty)
    }

    @Test("each kind of worker has a window of its own")
    func windows() async throws {
        let book = ScanBook(politeness: .none)
        let project = ProjectID(UUID())
        let (whole, phases) = (ActiveScan.running(of: project, targets: 50, chaining: .worker), ActiveScan.running())
        await book.adopt(whole)
        await book.adopt(phases)
        let windows = DispatchWindows(coordinator: 4, worker: 16)
        var sent: [ScanID: Int] = [:]
        while let batch = await book.nextBatch(windows: windows, atMost: 8) {
            await book.claimed(batch.claims, of: batch.scan, cursor: batch.cursorAfter)
            sent[batch.scan, default: 0] += batch.dispatches
        }
        // A project alone leaves a reserve for others in its window.
        #expect(sent == [whole.id: 14, phases.id: 3])
    }
}
