import AMQPMessages
import Celery
import Foundation
import Testing

@Suite("Results")
struct TaskResultTests {
    private struct Payload: Decodable {
        let xml: String
        let ip: String
    }

    private func decode(_ body: String) throws -> TaskResult {
        try TaskResult(decoding: Array(body.utf8), properties: .json)
    }

    @Test("the captured success gives its payload")
    func success() throws {
        let capture = try Capture("result-success")
        let result = try TaskResult(decoding: capture.body, properties: capture.properties)
        #expect(result.taskID == UUID(uuidString: "e2f29567-457b-4205-93f9-840f4ec8470b"))
        let payload = try result.decodePayload(as: Payload.self)
        #expect(payload.xml == "<nmaprun/>")
        #expect(payload.ip == "127.0.0.1")
    }

    @Test("the captured failure gives the exception's class and text")
    func failure() throws {
        let capture = try Capture("result-failure")
        let result = try TaskResult(decoding: capture.body, properties: capture.properties)
        #expect(result.taskID == UUID(uuidString: "f7378de8-7d5d-4f12-b01b-0d24b298c01d"))
        #expect(result.outcome == .failure(type: "ValueError", message: "nmap exited with status 1"))
        #expect(throws: CeleryDecodingError.self) { try result.decodePayload(as: Payload.self) }
    }

    @Test("the captured revocation gives its reason")
    func revoked() throws {
        let capture = try Capture("result-revoked")
        let result = try TaskResult(decoding: capture.body, properties: capture.properties)
        #expect(result.taskID == UUID(uuidString: "7a7e316d-0038-4d06-826a-5f4057147ffc"))
        #expect(result.outcome == .revoked(reason: "terminated"))
    }

    @Test("an exception raised with several arguments, or with one text, keeps them all")
    func exceptionArguments() throws {
        let failure = #"{"task_id":"\#(UUID())","status":"FAILURE","result":{"exc_type":"E","exc_message":"#
        #expect(
            try decode(failure + #"["no", 5, true, null, {}]}}"#).outcome == .failure(type: "E", message: "no, 5, true")
        )
        #expect(try decode(failure + #""no"}}"#).outcome == .failure(type: "E", message: "no"))
        let nested = String(repeating: "[", count: 500) + String(repeating: "]", count: 500)
        #expect(try decode(failure + nested + "}}").outcome == .failure(type: "E", message: ""))
        #expect(try decode(failure + #"null}}"#).outcome == .failure(type: "E", message: ""))
    }

    @Test("a state that is no end is told apart")
    func otherState() throws {
        let result = try decode(#"{"task_id": "\#(UUID())", "status": "ST\u0041RTED", "result": {"pid": 1}}"#)
        #expect(result.outcome == .other("STARTED"))
    }

    @Test("a task that returned nothing has null as its payload")
    func nothing() throws {
        let result = try decode(#"{"task_id": "\#(UUID())", "status": "SUCCESS", "result": null}"#)
        #expect(result.outcome == .success(payload: Array("null".utf8)))
        #expect(try result.decodePayload(as: Payload?.self) == nil)
    }

    @Test("a payload full of quotes, brackets and escapes is cut out whole")
    func trickyPayload() throws {
        let payload = #"{"ip": "\"}]\\", "xml": "{[\u0022,\\\"", "list": [[], {"a": {}}]}"#
        let result = try decode(
            #" {"children":[{"status":"FAILURE"}],"result" : \#(payload) ,"status":"SUCCESS","task_id":"\#(UUID())"} "#
        )
        #expect(result.outcome == .success(payload: Array(payload.utf8)))
        #expect(try result.decodePayload(as: Payload.self).ip == #""}]\"#)
    }

    @Test(
        "a body that is no result is an error",
        arguments: [
            "", " ", "null", "7", "[]", "{", "{}", "{\"", "{\"task_id\"", "{\"task_id\":", "{\"task_id\":}", "\u{0}",
            #"{"task_id": "no-uuid", "status": "SUCCESS", "result": 1}"#,
            #"{"task_id": "7a7e316d-0038-4d06-826a-5f4057147ffc", "status": 1}"#,
            #"{"task_id": "7a7e316d-0038-4d06-826a-5f4057147ffc", "status": "SUCCESS", "result": {"#,
            #"{"task_id": "7a7e316d-0038-4d06-826a-5f4057147ffc", "status": "SUCCESS", "result": 1} x"#,
            #"{"task_id": "7a7e316d-0038-4d06-826a-5f4057147ffc", "status": "SUCCESS", "result": "\"#,
            #"{"task_id": "7a7e316d-0038-4d06-826a-5f4057147ffc", "status": "FAILURE", "result": {}}"#,
        ]
    )
    func malformed(_ body: String) {
        let error = #expect(throws: CeleryDecodingError.self) { try decode(body) }
        #expect(error?.code == .malformed)
    }

    @Test("every truncation of a result is an error, never a crash")
    func truncated() throws {
        let body = try Capture("result-failure").body
        for length in 0..<body.count {
            #expect(throws: CeleryDecodingError.self) {
                try TaskResult(decoding: Array(body.prefix(length)), properties: .json)
            }
        }
    }

    @Test("a payload nested a million deep is refused when it is decoded")
    func deeplyNested() throws {
        let payload = String(repeating: "[", count: 1_000_000) + String(repeating: "]", count: 1_000_000)
        let result = try decode(#"{"task_id": "\#(UUID())", "status": "SUCCESS", "result": \#(payload)}"#)
        #expect(throws: CeleryDecodingError.self) { try result.decodePayload(as: Payload.self) }
    }

    @Test("pickled bodies are not looked at")
    func pickled() throws {
        let error = #expect(throws: CeleryDecodingError.self) {
            try TaskResult(
                decoding: try Capture("result-success").body,
                properties: AMQPProperties(contentType: "application/x-python-serialize")
            )
        }
        #expect(error?.code == .unsupportedContentType)
    }

    @Test("an object with too many members is refused")
    func manyMembers() throws {
        let members = (0...1_000).map { "\"\($0)\":1" }.joined(separator: ",")
        let error = #expect(throws: CeleryDecodingError.self) { try decode("{\(members)}") }
        #expect(error?.code == .tooLarge)
    }
}
