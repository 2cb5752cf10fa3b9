import AMQPMessages
import Celery
import Foundation
import Testing

@Suite("Events")
struct WorkerEventTests {
    private func decode(_ body: String) throws -> [WorkerEvent] {
        try WorkerEvent.decode(Array(body.utf8), properties: .json)
    }

    private func captured(_ name: String) throws -> WorkerEvent {
        let capture = try Capture(name)
        #expect(capture.exchange == CeleryNames.events.name)
        let events = try WorkerEvent.decode(capture.body, properties: capture.properties)
        try #require(events.count == 1)
        return events[0]
    }

    @Test("the captured heartbeat gives all that the worker says of itself")
    func heartbeat() throws {
        let event = try captured("worker-heartbeat")
        #expect(event.worker == "nmap_scan_queue@worker-1")
        #expect(event.timestamp == 1_795_418_331.3851929)
        #expect(event.utcOffset == 0)
        guard case .heartbeat(let status) = event.kind else {
            Issue.record("not a heartbeat")
            return
        }
        #expect(status.frequency == 2)
        #expect(status.active == 0)
        #expect(status.processed == 1)
        #expect(status.loadAverage == [0.16, 1.06, 1.11])
        #expect(status.software == "py-celery")
        #expect(status.softwareVersion == "5.7.0")
        #expect(status.system == "Linux")
    }

    @Test("the captured end of a worker is told from a heartbeat, and so is a start")
    func offlineAndOnline() throws {
        guard case .offline(let status) = try captured("worker-offline").kind else {
            Issue.record("not the end of a worker")
            return
        }
        #expect(status.processed == 1)
        let online = try decode(#"{"type": "worker-online", "hostname": "w", "timestamp": 1}"#)
        guard case .online = online[0].kind else {
            Issue.record("not the start of a worker")
            return
        }
    }

    @Test(
        "the captured events of tasks give task and step",
        arguments: [
            ("task-received", "e2f29567-457b-4205-93f9-840f4ec8470b", TaskEvent.Transition.received),
            ("task-started", "e2f29567-457b-4205-93f9-840f4ec8470b", .started),
            ("task-succeeded", "e2f29567-457b-4205-93f9-840f4ec8470b", .succeeded),
            ("task-failed", "f7378de8-7d5d-4f12-b01b-0d24b298c01d", .failed),
            ("task-revoked", "7a7e316d-0038-4d06-826a-5f4057147ffc", .revoked),
        ]
    )
    func tasks(_ name: String, _ id: String, _ transition: TaskEvent.Transition) throws {
        let event = try captured(name)
        #expect(event.worker == "t2@worker-1")
        guard case .task(let task) = event.kind else {
            Issue.record("not an event of a task")
            return
        }
        #expect(task.id == UUID(uuidString: id))
        #expect(task.transition == transition)
        #expect(task.exception == (transition == .failed ? "ValueError('nmap exited with status 1')" : nil))
        #expect(task.isTerminated == (transition == .revoked))
        #expect(!task.isExpired)
    }

    @Test("a list keeps its order")
    func list() throws {
        let events = try decode(
            #"""
             [{"type": "task-retried", "hostname": "w", "timestamp": 1, "uuid": "\#(UUID())"},
              {"type": "worker-heartbeat", "hostname": "w", "timestamp": 2}]
            """#
        )
        #expect(events.map(\.timestamp) == [1, 2])
        #expect(try decode("[]").isEmpty)
    }

    @Test("an unknown type is no error, and neither is a task of another application")
    func other() throws {
        let event = try decode(#"{"type": "custom-thing", "hostname": "w", "timestamp": 1}"#)[0]
        #expect(event.kind == .other(type: "custom-thing"))
        let foreign = try decode(#"{"type": "task-started", "hostname": "w", "timestamp": 1, "uuid": "job-7"}"#)[0]
        #expect(foreign.kind == .other(type: "task-started"))
        let unknownStep = try decode(#"{"type": "task-thing", "hostname": "w", "timestamp": 1}"#)[0]
        #expect(unknownStep.kind == .other(type: "task-thing"))
    }

    @Test(
        "a hostile or malformed body is an error",
        arguments: [
            "", "[", "null", "[null]", "[[]]", "{}", "7", "\"text\"", "[7]",
            #"{"type": "worker-heartbeat", "timestamp": 1}"#,
            #"{"type": "worker-heartbeat", "hostname": "w"}"#,
            #"{"type": "worker-heartbeat", "hostname": "w", "timestamp": "now"}"#,
            #"{"type": "worker-heartbeat", "hostname": "w", "timestamp": 1e999}"#,
            #"{"type": "worker-heartbeat", "hostname": "w", "timestamp": NaN}"#,
            #"{"type": "worker-heartbeat", "hostname": "w", "timestamp": 1, "active": 1e30}"#,
            #"{"type": "worker-heartbeat", "hostname": "", "timestamp": 1}"#,
            #"{"type": "worker-heartbeat", "hostname": "a\nb", "timestamp": 1}"#,
            #"{"type": "a\u0000b", "hostname": "w", "timestamp": 1}"#,
            #"{"type": "task-started", "hostname": "w", "timestamp": 1}"#,
            #"{"type": "worker-heartbeat", "hostname": "w", "timestamp": 1, "loadavg": [[]]}"#,
        ]
    )
    func malformed(_ body: String) {
        #expect(throws: CeleryDecodingError.self) { try decode(body) }
    }

    @Test("names, lists, bodies and nesting have limits")
    func limits() throws {
        let event = #"{"type": "worker-heartbeat", "hostname": "w", "timestamp": 1}"#
        let full = Array(repeating: event, count: WorkerEvent.maximumCount)
        #expect(try decode("[\(full.joined(separator: ","))]").count == WorkerEvent.maximumCount)
        let overfull = "[\((full + [event]).joined(separator: ","))]"
        #expect(#expect(throws: CeleryDecodingError.self) { try decode(overfull) }?.code == .tooLarge)
        let long = String(repeating: " ", count: WorkerEvent.maximumBodyLength) + event
        #expect(#expect(throws: CeleryDecodingError.self) { try decode(long) }?.code == .tooLarge)
        let name = String(repeating: "w", count: 256)
        #expect(throws: CeleryDecodingError.self) {
            try decode(#"{"type": "worker-heartbeat", "hostname": "\#(name)", "timestamp": 1}"#)
        }
        #expect(throws: CeleryDecodingError.self) { try decode(String(repeating: "[", count: 1_000_000)) }
    }
}
