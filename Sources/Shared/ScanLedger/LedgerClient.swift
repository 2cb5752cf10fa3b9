import Foundation
public import HTTPTransport
import Telemetry

/// ScanLedger, as far as Tasker uses it. Every call is one request, or one for each batch or page; none is repeated here.
public struct LedgerClient: Sendable {
    private let baseURL: String
    private let token: LedgerToken
    private let transport: any HTTPSending

    /// A client of the ScanLedger at a URL.
    ///
    /// - Parameters:
    ///   - baseURL: scheme, host, port and, where there is one, the path before `/projects`.
    ///   - token: Tasker's own. Calls on behalf of a user take the user's.
    ///   - transport: what sends the requests.
    public init(baseURL: String, token: String, transport: any HTTPSending) {
        self.baseURL = baseURL.hasSuffix("/") ? String(baseURL.dropLast()) : baseURL
        self.token = LedgerToken(token)
        self.transport = transport
    }

    /// Asks whether ScanLedger is there. Needs no token.
    public func health() async throws(LedgerError) {
        _ = try await send(Call(.get, "/health", deadline: Deadline.health, token: nil))
    }

    /// How long each kind of call may take, all in all.
    enum Deadline {
        /// A probe; balancers give up after a few seconds themselves.
        static let health = Duration.seconds(2)
        /// A user waits for it, and the answer is one row.
        static let access = Duration.seconds(5)
        /// One row too, but the caller is a background job that had rather wait than read again.
        static let host = Duration.seconds(15)
        /// A page of 1,000 takes 0.3 s on an idle machine; hosts may have many ports, and the machine may be busy.
        static let page = Duration.seconds(60)
        /// A write that is given up has to be read back: patience is cheaper. 200 hosts take 0.2 s on an idle machine.
        static let write = Duration.seconds(120)
    }

    /// One request, before it gets the base URL and a token.
    struct Call {
        var method: HTTPTransportRequest.Method
        var path: String
        var headers: HTTPTransportHeaders = [:]
        var body = HTTPTransportRequest.Body.none
        var deadline: Duration
        var maximumResponseBytes = 16 << 20
        var token: LedgerToken?

        /// What is asked, for a person.
        var name: String { "\(method.rawValue) \(path)" }

        init(_ method: HTTPTransportRequest.Method, _ path: String, deadline: Duration, token: LedgerToken?) {
            self.method = method
            self.path = path
            self.deadline = deadline
            self.token = token
        }
    }

    /// A call with Tasker's own token.
    func call(_ method: HTTPTransportRequest.Method, _ path: String, deadline: Duration) -> Call {
        Call(method, path, deadline: deadline, token: token)
    }

    /// Sends a call and returns the answer if its status is a success.
    func send(_ call: Call) async throws(LedgerError) -> HTTPTransportResponse {
        let isWrite = !call.method.isIdempotent
        var headers = call.headers
        headers["Accept"] = "application/json"
        if let token = call.token {
            headers["Authorization"] = "Bearer \(token.secret)"
        }
        if let correlation = Correlation.current {
            headers["X-Request-ID"] = correlation.request
            headers[TraceContext.header] = "\(correlation.trace.child())"
        }
        let request = HTTPTransportRequest(
            method: call.method,
            url: baseURL + call.path,
            headers: headers,
            body: call.body,
            deadline: call.deadline,
            maximumResponseBytes: call.maximumResponseBytes
        )
        let response: HTTPTransportResponse
        do {
            response = try await transport.send(request)
        } catch {
            throw LedgerError(error, call: call.name, isWrite: isWrite)
        }
        guard (200..<300).contains(response.status) else {
            throw LedgerError(response, call: call.name, isWrite: isWrite)
        }
        return response
    }

    /// What a call was answered with; an error where that is not what the interface promises.
    func decode<Value: Decodable>(
        _ type: Value.Type,
        from response: HTTPTransportResponse,
        of call: Call
    ) throws(LedgerError) -> Value {
        do {
            return try JSONDecoder().decode(type, from: Data(response.body))
        } catch {
            throw LedgerError(
                code: .unreadable,
                status: response.status,
                message: "\(call.name) was answered with something unreadable"
            )
        }
    }
}
