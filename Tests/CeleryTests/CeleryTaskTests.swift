import AMQPMessages
import Celery
import Foundation
import Testing

@Suite("Tasks")
struct CeleryTaskTests {
    private let id = UUID(uuidString: "010d53e4-d2d1-4595-9f43-416e89f41d02")!

    @Test("a scan's message equals the captured one, except for the text that only people read")
    func scanMessage() throws {
        let capture = try Capture("scan-task")
        guard case .array(let parts) = capture.json, case .array(let arguments) = parts[0] else {
            Issue.record("the capture has no arguments")
            return
        }
        let task = CeleryTask(
            id: id,
            name: CeleryNames.scanTask,
            argument: Array(arguments[0].text.utf8),
            replyTo: capture.properties.replyTo,
            origin: "gen5092@tasker"
        )
        let message = task.message(exchange: CeleryNames.scans.name, routingKey: CeleryNames.scanRoutingKey)

        var expected = try #require(capture.properties.headers).byName
        expected["argsrepr"] = ""
        #expect(message.properties.headers?.byName == expected)
        #expect(message.exchange == capture.exchange)
        #expect(message.routingKey == capture.routingKey)
        #expect(message.properties.contentType == capture.properties.contentType)
        #expect(message.properties.contentEncoding == capture.properties.contentEncoding)
        #expect(message.properties.deliveryMode == .persistent)
        #expect(message.properties.priority == capture.properties.priority)
        #expect(message.properties.correlationID == capture.properties.correlationID)
        #expect(message.properties.replyTo == capture.properties.replyTo)
        #expect(message.isMandatory)
        #expect(try JSON(message.body) == capture.json)
    }

    @Test("a task that is part of a trace says so in one header more")
    func traceparent() {
        let trace = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01"
        var task = CeleryTask(id: id, name: "name", argument: nil, origin: "here")
        #expect(task.message(exchange: "", routingKey: "queue").properties.headers?.byName["traceparent"] == nil)
        task.traceparent = trace
        #expect(
            task.message(exchange: "", routingKey: "queue").properties.headers?.byName["traceparent"] == .string(trace)
        )
    }

    @Test("an encoded argument is the only positional one")
    func encodedArgument() throws {
        let argument = try CeleryTask.encode(["path": "a/b", "quote": "\""])
        let task = CeleryTask(id: id, name: "name", argument: argument, origin: "here")
        let body = try JSON(task.message(exchange: "", routingKey: "queue").body)
        let expected =
            #"[[{"path":"a/b","quote":"\""}],{},{"callbacks":null,"errbacks":null,"chain":null,"chord":null}]"#
        #expect(try body == JSON(Array(expected.utf8)))
    }

    @Test("a task whose result nobody wants says so and names no queue for it")
    func ignoredResult() {
        let task = CeleryTask(id: id, name: "name", argument: nil, origin: "here", isResultIgnored: true)
        let properties = task.message(exchange: "", routingKey: "queue").properties
        #expect(properties.headers?["ignore_result"] == true)
        #expect(properties.replyTo == nil)
    }

    @Test("two messages made from one task are equal, so an attempt can be published again")
    func repeatable() {
        let task = CeleryTask(id: id, name: "name", argument: Array("1".utf8), origin: "here")
        #expect(task.message(exchange: "e", routingKey: "k") == task.message(exchange: "e", routingKey: "k"))
    }

    @Test("a cancellation goes to every worker with the ids of the captured one")
    func cancelBroadcast() throws {
        let capture = try Capture("broadcast-cancel")
        let broadcast = BroadcastTask.cancel([UUID(uuidString: "c1d43843-7bc2-4fb8-8fb2-3da7c7e59368")!])
        let id = UUID(uuidString: "b01229bc-8cfe-460d-8bf4-049e0f98ddbe")!
        let message = broadcast.message(id: id, origin: "gen5092@worker-1")

        var expected = try #require(capture.properties.headers).byName
        expected["argsrepr"] = ""
        expected["ignore_result"] = true
        #expect(message.properties.headers?.byName == expected)
        #expect(message.exchange == capture.exchange)
        #expect(message.routingKey == capture.routingKey)
        #expect(message.properties.correlationID == capture.properties.correlationID)
        #expect(try JSON(message.body) == capture.json)
        #expect(!message.isMandatory)
        #expect(broadcast.exchange.kind == .fanout)
    }

    @Test("a service broadcast has no arguments")
    func updateAddressBroadcast() throws {
        let message = BroadcastTask.updateAddress.message(origin: "here")
        #expect(message.exchange == "worker_service_broadcast")
        #expect(message.properties.headers?["task"] == "worker.update_ip")
        guard case .array(let parts) = try JSON(message.body) else {
            Issue.record("the body is no list")
            return
        }
        #expect(parts[0] == .array([]))
    }
}
