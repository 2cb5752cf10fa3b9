import AMQPMessages
import Celery
import Foundation
import Testing

@Suite("Remote control, asking")
struct ControlMessageTests {
    @Test("a ping that wants an answer equals the captured one")
    func ping() throws {
        let capture = try Capture("pidbox-ping")
        let message = ControlMessage.ping.message(
            ticket: UUID(uuidString: "f867d22b-3149-43b1-b447-89c144d8e733"),
            replyTo: ControlMessage.ReplyAddress(routingKey: "955dd749-113a-3ff4-9c5d-6862701fba73"),
            expires: Date(timeIntervalSince1970: 1_795_418_352),
            clock: 92
        )
        #expect(message.exchange == capture.exchange)
        #expect(message.routingKey == capture.routingKey)
        #expect(try JSON(message.body) == capture.json)
        #expect(message.properties.headers == ["clock": 92, "expires": 1_795_418_352.0])
        #expect(message.properties.contentType == capture.properties.contentType)
        #expect(message.properties.contentEncoding == capture.properties.contentEncoding)
        #expect(message.properties.deliveryMode == capture.properties.deliveryMode)
        #expect(!message.isMandatory)
    }

    @Test("a revocation equals the captured one, but for the list of ids")
    func revoke() throws {
        let capture = try Capture("pidbox-revoke")
        let id = UUID(uuidString: "c1d43843-7bc2-4fb8-8fb2-3da7c7e59368")!
        let message = ControlMessage.revoke([id], terminate: false).message(clock: 91)
        let body = try JSON(message.body)
        for field in ["method", "destination", "pattern", "matcher"] {
            #expect(body[field] == capture.json[field])
        }
        #expect(body["arguments"]?["task_id"] == .array([.string("c1d43843-7bc2-4fb8-8fb2-3da7c7e59368")]))
        #expect(body["arguments"]?["terminate"] == capture.json["arguments"]?["terminate"])
        #expect(body["arguments"]?["signal"] == capture.json["arguments"]?["signal"])
        #expect(body["ticket"] == nil)
        #expect(body["reply_to"] == nil)
        #expect(message.properties.headers?["expires"] == 0)
    }

    @Test("a revocation of many ids is one message, and can end processes")
    func revokeMany() throws {
        let ids = (0..<1_000).map { _ in UUID() }
        let message = ControlMessage.revoke(ids, terminate: true, signal: .kill).message(clock: 1)
        let arguments = try JSON(message.body)["arguments"]
        #expect(arguments?["task_id"] == .array(ids.map { .string($0.uuidString.lowercased()) }))
        #expect(arguments?["terminate"] == .bool(true))
        #expect(arguments?["signal"] == .string("SIGKILL"))
    }

    @Test("a question for named workers names them, whatever characters they use")
    func destination() throws {
        let names = ["scan@worker-1", "quote\"back\\slash\u{1}@wörker"]
        let message = ControlMessage.enableEvents.message(destination: names, clock: 1)
        #expect(try JSON(message.body)["destination"] == .array(names.map { .string($0) }))
        #expect(try JSON(message.body)["method"] == .string("enable_events"))
    }

    @Test("every inspection is asked by Celery's own name for it", arguments: ControlMessage.Inspection.allCases)
    func inspection(_ inspection: ControlMessage.Inspection) throws {
        let body = try JSON(ControlMessage.inspect(inspection).message(clock: 1).body)
        #expect(body["method"] == .string(inspection.rawValue))
        #expect(body["arguments"]?["safe"] == (inspection == .active ? .bool(true) : nil))
    }
}
