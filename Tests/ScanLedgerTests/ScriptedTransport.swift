import HTTPTransport
import Synchronization

/// Answers requests in the order of its script, and keeps them.
final class ScriptedTransport: HTTPSending {
    typealias Answer = Result<HTTPTransportResponse, HTTPTransportError>

    private let state: Mutex<(answers: [Answer], requests: [HTTPTransportRequest])>

    init(_ answers: [Answer]) {
        state = Mutex((answers, []))
    }

    var requests: [HTTPTransportRequest] {
        state.withLock { $0.requests }
    }

    func send(_ request: HTTPTransportRequest) async throws(HTTPTransportError) -> HTTPTransportResponse {
        let answer = state.withLock { state -> Answer in
            state.requests.append(request)
            guard !state.answers.isEmpty else {
                return .failure(
                    HTTPTransportError(code: .other, message: "the script is over", mayHaveReachedServer: false)
                )
            }
            return state.answers.removeFirst()
        }
        return try answer.get()
    }
}

extension Result where Success == HTTPTransportResponse, Failure == HTTPTransportError {
    static func status(_ status: Int, headers: HTTPTransportHeaders = [:], _ body: String = "") -> Self {
        .success(HTTPTransportResponse(status: status, headers: headers, body: Array(body.utf8)))
    }

    static func lost(_ code: HTTPTransportError.Code, afterSending: Bool) -> Self {
        .failure(HTTPTransportError(code: code, message: "scripted", mayHaveReachedServer: afterSending))
    }
}
