import AMQPMessages
import AddressSpace
import Foundation
import Nmap
import ScanModel
import ScanStore
import Testing
import UUIDText

@testable import TaskerCoordinator

@Suite("The message of a whole task")
struct WholeTaskMessageTests {
    private func batch(_ change: (inout ScanRequest) -> Void = { _ in }, address: String = "20.1.2.1") throws
        -> DispatchBatch
    {
        var request = ScanRequest.anything()
        request.openPorts = OpenPortsOptions(
            timing: TimingOptions(dnsResolution: false, maxRetries: 1, minRate: 2_000),
            ports: PortSet(ports: [80, 443])
        )
        request.timeout = 1_800
        change(&request)
        let address = try #require(IPAddress(address))
        let project = try #require(ProjectID("5db0659d-75ad-4036-b5e0-ff1d2826ffaa"))
        let plan = Plan(targets: AddressSet([AddressRange(address)]), hostnames: [:], seed: 1)
        let scan = ActiveScan(
            id: ScanID(UUID()),
            project: project,
            request: request,
            state: .running,
            isStopRequested: false,
            isPaused: false,
            chaining: .worker,
            caller: "0123456789ab",
            plan: plan,
            cursor: 0,
            tasks: []
        )
        let entry = ScanEntry(scan)
        return DispatchBatch(entry: entry, chaining: .worker, plan: plan, claims: [], cursorBefore: 0, cursorAfter: 0)
    }

    private func message(_ batch: DispatchBatch, ceiling: Int? = nil) throws -> (
        argument: [String: Any], capture: [String: Any]
    ) {
        let task = TaskReference(scan: batch.scan, target: 0, phase: .openPorts, attempt: 1)
        let message = try WholeTaskMessage(batch: batch, origin: "tasker", maxRateCeiling: ceiling).message(for: task)
        let file = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .appending(path: "CeleryTests/Fixtures/scan-task.json")
        let capture = try #require(try JSONSerialization.jsonObject(with: Data(contentsOf: file)) as? [String: Any])
        #expect(message.exchange == capture["exchange"] as? String)
        #expect(message.routingKey == capture["routing_key"] as? String)
        #expect(message.isMandatory)
        #expect(message.properties.correlationID == task.taskID.text)
        #expect(message.properties.replyTo.flatMap(UUID.init(uuidString:)) != nil)
        #expect(message.properties.headers?["task"]?.stringValue == "project.nmap.scan")
        #expect(
            message.properties.headers?["argsrepr"]?.stringValue == "",
            "it would show the target in logs and events"
        )
        let body = try #require(try JSONSerialization.jsonObject(with: Data(message.body)) as? [Any])
        return (try argument(of: body), try argument(of: try #require(capture["body"] as? [Any])))
    }

    private func argument(of body: [Any]) throws -> [String: Any] {
        try #require((body[0] as? [Any])?.first as? [String: Any])
    }

    @Test("is the captured one, but for who asked")
    func capture() throws {
        var (argument, capture) = try message(try batch())
        let user = try #require(argument.removeValue(forKey: "user") as? [String: Any])
        let captured = try #require(capture.removeValue(forKey: "user") as? [String: Any])
        #expect(NSDictionary(dictionary: argument) == NSDictionary(dictionary: capture))
        #expect(Set(user.keys) == Set(captured.keys))
        #expect(user["username"] as? String == "0123456789ab")
        let id = try #require(user["id"] as? [String: Any])
        #expect(id["__type__"] as? String == "uuid")
        #expect(try #require((id["__value__"] as? [String: String])?["hex"]).count == 32)
    }

    @Test("has the options of both phases, the second without ports")
    func options() throws {
        let batch = try batch(
            { request in
                request.services.defaultScripts = true
                request.openPorts.transportProtocol = .udp
                request.openPorts.ports = PortSet(ports: [53, 1_000, 1_001, 1_002])
                request.mode = .replace
                request.includeServices = false
            },
            address: "2001:db8::7"
        )
        let (argument, _) = try message(batch, ceiling: 500)
        #expect(
            argument["open_ports_opts"] as? String
                == "-6 -n --max-retries 1 --min-rate 500 --max-rate 500 -sU -Pn -p 53,1000-1002"
        )
        #expect(argument["service_opts"] as? String == "-6 --max-rate 500 -sC -sV -sU -Pn")
        #expect(argument["open_ports_str"] as? String == "53 1000-1002")
        #expect(argument["ip"] as? String == "2001:db8::7")
        #expect(argument["mode"] as? String == "replace")
        #expect(argument["include_services"] as? Bool == false)
        #expect(batch.wholeTaskAnnouncement?.ports == "53 1000-1002")
    }
}
