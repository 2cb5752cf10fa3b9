import HTTPTransport
import ScanLedger
import Telemetry
import Testing

@Suite("What a request to ScanLedger is for")
struct CorrelationTests {
    @Test("a request names the one that it is made for, and is the next step of its trace")
    func named() async throws {
        let transport = ScriptedTransport([.status(200, projectRow)])
        let trace = TraceContext.root()
        let access = try await Correlation.$current.withValue(Correlation(request: "r-1", trace: trace)) {
            try await client(transport).access(to: project, callerToken: callerToken)
        }
        #expect(access == .granted)
        let headers = try #require(transport.requests.first).headers
        #expect(headers["X-Request-ID"] == "r-1")
        let sent = try #require(headers["traceparent"].flatMap(TraceContext.init))
        #expect(sent.traceID == trace.traceID && sent.spanID != trace.spanID)
    }

    @Test("a request on nobody's behalf names none")
    func unnamed() async throws {
        let transport = ScriptedTransport([.status(200, projectRow)])
        _ = try await client(transport).access(to: project, callerToken: callerToken)
        let headers = try #require(transport.requests.first).headers
        #expect(headers["X-Request-ID"] == nil && headers["traceparent"] == nil)
    }
}
