import AMQPMessages
import Celery
import Foundation
import Testing

@Suite("Remote control, answering")
struct ControlReplyTests {
    private func answer(_ payload: String) throws -> ControlReply.Answer {
        let reply = try ControlReply(decoding: Array(#"{"scan@worker-1": \#(payload)}"#.utf8), properties: .json)
        return try #require(reply.answers.first)
    }

    @Test("the captured answer has its ticket, its worker and what the worker said")
    func captured() throws {
        let capture = try Capture("control-reply")
        let reply = try ControlReply(decoding: capture.body, properties: capture.properties)
        #expect(reply.ticket == UUID(uuidString: "b8579553-e8b9-43a5-ba0a-686c18487003"))
        #expect(reply.answers.map(\.worker) == ["nmap_cancel_queue@worker-1"])
        #expect(try reply.answers[0].acknowledgement() == "task events enabled")
    }

    @Test("ids of active tasks are read, those of other applications left out")
    func taskIDs() throws {
        let id = UUID()
        let answer = try answer(
            #"[{"id": "\#(id.uuidString.lowercased())", "args": "", "acknowledged": true}, {"id": "theirs"}]"#
        )
        #expect(try answer.taskIDs() == [id])
        #expect(try self.answer("[]").taskIDs().isEmpty)
    }

    @Test("the size of the pool is read from the figures")
    func statistics() throws {
        let answer = try answer(#"{"pid": 1, "pool": {"max-concurrency": 8, "processes": [1, 2]}, "rusage": "N/A"}"#)
        #expect(try answer.maximumConcurrency() == 8)
        #expect(throws: CeleryDecodingError.self) {
            try self.answer(#"{"pool": {"max-concurrency": -1}}"#).maximumConcurrency()
        }
    }

    @Test("names of tasks are read without the attributes that may follow them")
    func registered() throws {
        let answer = try answer(#"["project.nmap.scan [rate_limit=10/s]", "worker.update_ip"]"#)
        #expect(try answer.registeredTasks() == ["project.nmap.scan", "worker.update_ip"])
    }

    @Test("names of consumed queues and revoked ids are read")
    func queuesAndRevoked() throws {
        #expect(try answer(#"[{"name": "nmap_scan_queue", "exchange": {}}]"#).queues() == ["nmap_scan_queue"])
        let id = UUID()
        #expect(try answer(#"["\#(id)", "theirs"]"#).revokedTaskIDs() == [id])
    }

    @Test("a worker's own error is told from a malformed answer")
    func workerError() throws {
        let error = #expect(throws: CeleryDecodingError.self) {
            try answer(#"{"error": "KeyError('x')"}"#).taskIDs()
        }
        #expect(error?.code == .workerError)
        #expect(error?.message == "scan@worker-1 answered: KeyError('x')")
        let malformed = #expect(throws: CeleryDecodingError.self) { try answer("7").taskIDs() }
        #expect(malformed?.code == .malformed)
    }

    @Test("a starting worker's greeting is recognised and answered with the ids to refuse")
    func greeting() throws {
        let ticket = UUID()
        let body = #"""
            {"method": "hello", "arguments": {"from_node": "scan@worker-2", "revoked": []}, "destination": null,
             "pattern": null, "matcher": null, "ticket": "\#(ticket)",
             "reply_to": {"exchange": "reply.celery.pidbox", "routing_key": "their-key"}}
            """#
        let request = try ControlRequest(decoding: Array(body.utf8), properties: .json)
        #expect(try request.greetingWorker() == "scan@worker-2")
        #expect(!request.isForCoordinators)

        let ids = [UUID(), UUID()]
        let message = try #require(request.greeting(from: "tasker@here", revoked: ids, clock: 7))
        #expect(message.exchange == "reply.celery.pidbox")
        #expect(message.routingKey == "their-key")
        let answer = try JSON(message.body)["tasker@here"]
        #expect(answer?["revoked"] == .array(ids.map { .string($0.uuidString.lowercased()) }))
        #expect(answer?["clock"] == .int(7))
        let reply = try ControlReply(decoding: message.body, properties: message.properties)
        #expect(reply.ticket == ticket)
    }

    @Test(
        "a greeting that names coordinators alone is theirs",
        arguments: [
            (#"["tasker.coordinator"]"#, true), (#"["tasker@worker-1"]"#, false),
            (#"["tasker.coordinator", "tasker@worker-1"]"#, false), ("[]", false), ("null", false),
        ]
    )
    func greetingOfCoordinators(destination: String, isTheirs: Bool) throws {
        let body = #"{"method": "hello", "arguments": {"from_node": "scan@worker-2"}, "destination": \#(destination)}"#
        let request = try ControlRequest(decoding: Array(body.utf8), properties: .json)
        #expect(request.isForCoordinators == isTheirs)
    }

    @Test("the captured commands are read as requests, and none of them is a greeting")
    func requests() throws {
        for (name, method) in [("pidbox-ping", "ping"), ("pidbox-revoke", "revoke")] {
            let capture = try Capture(name)
            let request = try ControlRequest(decoding: capture.body, properties: capture.properties)
            #expect(request.method == method)
            #expect(request.destination == nil)
            #expect(try request.greetingWorker() == nil)
            #expect((request.replyTo == nil) == (method == "revoke"))
        }
    }
}
