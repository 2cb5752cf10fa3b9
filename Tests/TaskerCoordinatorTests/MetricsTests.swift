import Foundation
import MetricChecks
import PrometheusMetrics
import ScanModel
import ScanStore
import Testing

@testable import TaskerCoordinator

@Suite("The metrics of a coordinator")
struct MetricsTests {
    @Test("their names keep Prometheus' rules, and no label has values without end")
    func lint() {
        #expect(MetricLint.faults(of: CoordinatorMetrics.all) == [])
    }

    @Test("they are described in docs/metrics.md as the catalogue has them")
    func reference() throws {
        let root = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "../..")
        let page = try String(contentsOf: root.appending(path: "docs/metrics.md"), encoding: .utf8)
        #expect(page.contains(MetricTable.markdown(CoordinatorMetrics.all)))
    }

    @Test("what there is to do is counted by where it stands; what is paused is no backlog")
    func load() async {
        let book = ScanBook(politeness: PolitenessLimits(perTarget: 0, perNetwork: 0))
        let project = ProjectID(UUID())
        let running = ActiveScan.running(
            of: project,
            targets: 10,
            cursor: 4,
            tasks: [(0, .openPorts, .queued), (1, .services, .ready), (2, .openPorts, .parked)]
        )
        await book.adopt(running)
        await book.adopt(.running(of: project, targets: 3, isPaused: true))
        let load = await book.load
        #expect(load.scans == [.running: 1, .paused: 1])
        #expect(load.pending == 9 && load.inFlight == 2 && load.parked == 1 && load.backlog == 7)
        await book.holdBack(project, true)
        #expect(await book.load.backlog == 0)
        await book.beginStop(of: [running.id])
        #expect(await book.load.scans == [.stopping: 1, .paused: 1])
    }
}
