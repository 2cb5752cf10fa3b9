import AMQPMessages
import Celery
import ScanModel
import Testing

@testable import TaskerCoordinator

@Suite("What workers say they take")
struct RosterTests {
    private static let phases = #"["tasker.nmap.open_ports", "tasker.nmap.services"]"#
    private static let existing = #"["project.nmap.cancel_scan", "project.nmap.scan", "worker.update_ip"]"#
    private static let scanQueue = #"[{"name": "nmap_scan_queue"}, {"name": "broadcast"}]"#

    /// What a coordinator that has just started knows of nodes that were there before it, and so do not greet it.
    private func roster(
        registered: [String: String],
        queues: [String: String] = [:],
        statistics: [String: String] = [:]
    ) async throws -> (roster: Roster, isAnyKnown: Bool) {
        let roster = Roster()
        for name in registered.keys { _ = await roster.heard(from: name) }
        let isAnyKnown = await roster.learn(
            registered: try answers(registered),
            queues: try answers(queues),
            statistics: try answers(statistics)
        )
        return (roster, isAnyKnown)
    }

    private func answers(_ payloads: [String: String]) throws -> [ControlReply.Answer] {
        let properties = AMQPProperties(contentType: "application/json", contentEncoding: "utf-8")
        return try payloads.flatMap { worker, payload in
            try ControlReply(decoding: Array(#"{"\#(worker)": \#(payload)}"#.utf8), properties: properties).answers
        }
    }

    @Test("one that knows the tasks of both phases takes them, whatever it says of queues")
    func phases() async throws {
        let queues = [
            "queues@w": #"[{"name": "nmap_open_ports_queue"}]"#, "none@w": "[]", "error@w": #"{"error": "KeyError()"}"#,
        ]
        for name in ["queues@w", "none@w", "error@w", "silent@w"] {
            let (roster, isAnyKnown) = try await roster(
                registered: [name: Self.phases],
                queues: queues.filter { $0.key == name },
                statistics: [name: #"{"pool": {"max-concurrency": 4}}"#]
            )
            #expect(await roster.registry.slots(chainedBy: .coordinator) == 4, "\(name)")
            #expect(isAnyKnown, "\(name)")
        }
    }

    @Test("of the nodes of an existing host, the one that takes from the scan queue")
    func existingHost() async throws {
        let nodes = ["nmap_scan_queue@h", "nmap_cancel_queue@h", "worker_service_broadcast@h"]
        let (roster, _) = try await roster(
            registered: Dictionary(uniqueKeysWithValues: nodes.map { ($0, Self.existing) }),
            queues: [
                "nmap_scan_queue@h": Self.scanQueue, "nmap_cancel_queue@h": #"[{"name": "nmap_cancel_queue"}]"#,
                "worker_service_broadcast@h": "[]",
            ]
        )
        #expect(await roster.registry.scanners(chainedBy: .worker).map(\.name) == ["nmap_scan_queue@h"])
        #expect(await roster.registry.nodes.values.allSatisfy { $0.takes != nil })
    }

    @Test("an existing node that has not said where it takes tasks from is asked again")
    func existingNodeWithoutQueues() async throws {
        let (roster, isAnyKnown) = try await roster(
            registered: ["nmap_scan_queue@h": Self.existing],
            statistics: ["nmap_scan_queue@h": #"{"pool": {"max-concurrency": 4}}"#]
        )
        #expect(await roster.registry.unknown.map(\.name) == ["nmap_scan_queue@h"])
        #expect(!isAnyKnown)
        let isKnownThen = await roster.learn(
            registered: try answers(["nmap_scan_queue@h": Self.existing]),
            queues: try answers(["nmap_scan_queue@h": Self.scanQueue]),
            statistics: []
        )
        #expect(isKnownThen)
        #expect(await roster.registry.slots(chainedBy: .worker) == 4)
    }

    @Test("one that knows both kinds takes those that it is known to")
    func bothKinds() async throws {
        let both = #"["project.nmap.scan", "tasker.nmap.open_ports", "tasker.nmap.services"]"#
        let (roster, _) = try await roster(
            registered: ["silent@w": both, "both@x": both],
            queues: ["both@x": Self.scanQueue]
        )
        #expect(await roster.registry.nodes["silent@w"]?.takes == [.coordinator])
        #expect(await roster.registry.nodes["both@x"]?.takes == [.coordinator, .worker])
    }
}
