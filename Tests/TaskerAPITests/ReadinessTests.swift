import Health
import Testing

@testable import TaskerAPI

@Suite("Readiness", .timeLimit(.minutes(1)))
struct ReadinessTests {
    private let time = ManualTime()
    private let probed = Counter()

    @Test("a report holds for a second")
    func lifetime() async {
        let readiness = makeReadiness { [probed] in probed.increment() }
        #expect(await readiness.report().isReady)
        time.advance(by: .milliseconds(999))
        _ = await readiness.report()
        #expect(probed.value == 1)
        time.advance(by: .milliseconds(1))
        _ = await readiness.report()
        #expect(probed.value == 2)
    }

    @Test("those who ask at the same time share one report")
    func sharing() async {
        let gate = Gate()
        let readiness = makeReadiness { [probed] in
            probed.increment()
            await gate.pass()
        }
        await withTaskGroup(of: Bool.self) { group in
            for _ in 0..<20 { group.addTask { await readiness.report().isReady } }
            while probed.value == 0 { await Task.yield() }
            await gate.open()
            for await isReady in group { #expect(isReady) }
        }
        #expect(probed.value == 1)
    }

    @Test("where the installation's data is gone, a replica is not ready, and says why")
    func foreignInstallation() async {
        let readiness = Readiness(
            probes: ["redis": {}],
            required: ["redis"],
            installation: { .init(id: "a", objection: "gone") },
            warnings: { [] }
        )
        let report = await readiness.report()
        #expect(report.status == .unready && report.detail == "gone" && report.installation == "a")
    }

    private func makeReadiness(_ probe: @escaping Readiness.Probe) -> Readiness {
        Readiness(probes: ["redis": probe], required: ["redis"], now: { [time] in time.now }, warnings: { [] })
    }
}
