import Testing

@testable import HTTPTransport

@Suite("Connection slots")
struct ConnectionSlotsTests {
    private func submission(
        _ host: String = "a.test",
        deadline: Duration = .seconds(30)
    ) throws -> Submission {
        try Submission(HTTPTransportRequest(url: "http://\(host)/", deadline: deadline))
    }

    @Test("an origin gets so many slots, and those who wait get them in turn")
    func turns() throws {
        var slots = ConnectionSlots(maximumPerOrigin: 2)
        let requests = try (0..<5).map { _ in try submission() }
        #expect(requests.map { slots.admit($0) } == [true, true, false, false, false])
        #expect(slots.release(requests[0].origin) === requests[2])
        #expect(slots.release(requests[0].origin) === requests[3])
        #expect(slots.release(requests[0].origin) === requests[4])
        #expect(slots.release(requests[0].origin) == nil)
        #expect(slots.release(requests[0].origin) == nil)
        #expect(slots.admit(requests[0]) && slots.admit(requests[1]) && !slots.admit(requests[2]))
    }

    @Test("origins do not wait for each other, and case and default ports make none")
    func origins() throws {
        var slots = ConnectionSlots(maximumPerOrigin: 1)
        try #expect(slots.admit(submission("a.test")))
        try #expect(slots.admit(submission("b.test")))
        try #expect(!slots.admit(submission("A.TEST:80")))
    }

    @Test("a cancelled request is skipped")
    func cancelled() throws {
        var slots = ConnectionSlots(maximumPerOrigin: 1)
        let requests = try (0..<3).map { _ in try submission() }
        requests.forEach { _ = slots.admit($0) }
        requests[1].cancel(because: "test")
        #expect(slots.release(requests[0].origin) === requests[2])
        #expect(slots.release(requests[0].origin) == nil)
    }

    @Test("requests whose deadline has passed leave the line; the earliest deadline left is known")
    func deadlines() throws {
        var slots = ConnectionSlots(maximumPerOrigin: 1)
        let running = try submission()
        let short = try submission(deadline: .seconds(10))
        let long = try submission(deadline: .seconds(20))
        [running, long, short].forEach { _ = slots.admit($0) }
        #expect(slots.earliestDeadline == short.deadline)
        #expect(slots.takeExpired(at: short.deadline - .milliseconds(1)).isEmpty)
        #expect(slots.takeExpired(at: short.deadline).map(ObjectIdentifier.init) == [ObjectIdentifier(short)])
        #expect(slots.earliestDeadline == long.deadline)
        #expect(slots.release(running.origin) === long)
    }
}
