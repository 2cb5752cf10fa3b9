import Testing

@testable import Telemetry

@Suite("Trace context")
struct TraceContextTests {
    private static let trace = "4bf92f3577b34da6a3ce929d0e0e4736"
    private static let span = "00f067aa0ba902b7"

    @Test("the example of the standard is read and written as it is")
    func example() throws {
        let context = try #require(TraceContext("00-\(Self.trace)-\(Self.span)-01"))
        #expect(context.traceID == Self.trace && context.spanID == Self.span && context.isSampled)
        #expect("\(context)" == "00-\(Self.trace)-\(Self.span)-01")
    }

    @Test("of the flags, only whether the trace is recorded is known and passed on")
    func flags() {
        #expect(TraceContext("00-\(Self.trace)-\(Self.span)-fe").map { "\($0)" } == "00-\(Self.trace)-\(Self.span)-00")
        #expect(TraceContext("00-\(Self.trace)-\(Self.span)-ff")?.isSampled == true)
    }

    @Test(
        "a later version is read as far as it is known",
        arguments: ["cc-\(trace)-\(span)-01", "cc-\(trace)-\(span)-01-what-follows", "01-\(trace)-\(span)-01-"]
    )
    func laterVersions(text: String) {
        #expect(TraceContext(text).map { "\($0)" } == "00-\(Self.trace)-\(Self.span)-01")
    }

    @Test(
        "what is not well-formed is not read",
        arguments: [
            "", "00", "00-\(trace)-\(span)", "00-\(trace)-\(span)-", "00-\(trace)-\(span)-1", "00-\(trace)-\(span)-001",
            "00-\(trace)-\(span)-01-", "00-\(trace)-\(span)-01-more", "00-\(trace)-\(span)-01.",
            "cc-\(trace)-\(span)-01.more", "ff-\(trace)-\(span)-01", "ff-\(trace)-\(span)-01-more",
            "0-\(trace)-\(span)-01", "000-\(trace)-\(span)-01", "0x-\(trace)-\(span)-01", ".0-\(trace)-\(span)-01",
            "00-00000000000000000000000000000000-\(span)-01", "00-\(trace)-0000000000000000-01",
            "00-4BF92F3577B34DA6A3CE929D0E0E4736-\(span)-01", "00-\(trace)-00F067AA0BA902B7-01",
            "00-\(trace)-\(span)-0A", "00-\(trace.dropLast())-\(span)-01", "00-\(trace)0-\(span)-01",
            "00-\(trace)-\(span.dropLast())-01", "00-\(trace)-\(span)0-01", "00-\(trace)-\(span.dropLast())g-01",
            " 00-\(trace)-\(span)-01", "00-\(trace)-\(span)-01 ", "00_\(trace)_\(span)_01", "+0-\(trace)-\(span)-01",
            "00-\(trace)-\(span)-+1", "00-\(trace)-\(span)-01, 00-\(trace)-\(span)-01",
        ]
    )
    func malformed(text: String) {
        #expect(TraceContext(text) == nil)
    }

    @Test("the next step is another one of the same trace")
    func child() throws {
        let context = try #require(TraceContext("00-\(Self.trace)-\(Self.span)-01"))
        let child = context.child()
        #expect(child.traceID == Self.trace && child.isSampled && child.spanID != Self.span)
        #expect(TraceContext("\(child)") == child)
    }

    @Test("a new trace is well-formed, and not recorded")
    func root() {
        let root = TraceContext.root()
        #expect(TraceContext("\(root)") == root && !root.isSampled)
        #expect(TraceContext.root().traceID != root.traceID)
    }
}
