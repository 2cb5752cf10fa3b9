import AMQPMessages
import Celery
import Foundation

/// Every body goes to every reader, and what the readers keep undecoded is decoded too.
func fuzzCelery(_ bytes: [UInt8]) {
    let properties = AMQPProperties(
        contentType: "application/json",
        headers: ["ticket": .string("f867d22b-3149-43b1-b447-89c144d8e733")]
    )
    if let result = try? TaskResult(decoding: bytes, properties: properties) {
        checkTexts(of: result)
    }
    if let events = try? WorkerEvent.decode(bytes, properties: properties) {
        precondition(events.count <= WorkerEvent.maximumCount, "more events than allowed")
        precondition(events.allSatisfy { $0.timestamp >= 0 && isFit($0.worker) }, "an event out of bounds")
    }
    if let reply = try? ControlReply(decoding: bytes, properties: properties) {
        reply.answers.forEach(check)
    }
    if let request = try? ControlRequest(decoding: bytes, properties: properties) {
        check(request)
    }
}

private func checkTexts(of result: TaskResult) {
    let texts: [String] =
        switch result.outcome {
        case .success: []
        case .failure(let type, let message): [type, message]
        case .revoked(let reason): [reason]
        case .other(let state): [state]
        }
    precondition(texts.allSatisfy { $0.count <= TaskResult.maximumMessageLength }, "a text of any length")
    _ = try? result.decodePayload(as: [String: [String: String]].self)
}

private func check(_ answer: ControlReply.Answer) {
    precondition(isFit(answer.worker), "a worker's name out of bounds")
    _ = try? answer.acknowledgement()
    _ = try? answer.taskIDs()
    _ = try? answer.revokedTaskIDs()
    _ = try? answer.registeredTasks()
    _ = try? answer.queues()
    if let processes = try? answer.maximumConcurrency() {
        precondition((0...100_000).contains(processes), "a pool of any size")
    }
}

private func check(_ request: ControlRequest) {
    guard (try? request.greetingWorker()) != nil,
        let greeting = request.greeting(from: "tasker@host", revoked: [UUID()], clock: 1)
    else { return }
    let reply = try? ControlReply(decoding: greeting.body, properties: greeting.properties)
    precondition(reply?.answers.count == 1 && reply?.ticket == request.ticket, "a greeting that nobody understands")
}

private func isFit(_ name: String) -> Bool {
    !name.isEmpty && name.utf8.count <= 255 && name.unicodeScalars.allSatisfy { $0.value >= 0x20 }
}
