import AddressSpace
import Foundation
import HTTPTypes
import Hummingbird
import NIOCore
import PropertyTesting
import ScanModel
import Testing

@testable import TaskerAPI

@Suite("Limits of a request")
struct LimitTests {
    private func issues(
        hosts: [String],
        targets: Int = 1 << 24,
        _ change: (inout JSONValue) -> Void = { _ in },
        rateCeiling: Int? = nil
    ) throws -> [ValidationIssue] {
        var body = try Fixture.value("run-nmap.request")
        body["hosts"] = .array(hosts.map { .string($0) })
        change(&body)
        let limits = RequestLimits(bodyBytes: 1 << 24, hosts: 20_000, targets: targets, rateCeiling: rateCeiling)
        do {
            _ = try ScanRequestReader.read(try body.bytes, limits: limits)
            return []
        } catch let error as APIError {
            guard case .issues(let issues) = error.detail, error.status == .unprocessableContent else { return [] }
            return issues
        }
    }

    @Test("too many targets are refused with how many there are and by how much that is too many")
    func tooManyTargets() throws {
        let issue = try #require(
            try issues(hosts: ["20.0.0.0/24", "20.0.0.128/24", "a.test", "A.test."], targets: 250).first
        )
        #expect(issue.type == "too_many_targets" && issue.loc == ["body", "hosts"])
        #expect(issue.msg == "the hosts name 255 targets, 5 more than the 250 that one scan may have")
        #expect(try issues(hosts: ["20.0.0.0/24", "20.0.0.128/24", "a.test", "A.test."], targets: 255).isEmpty)
    }

    @Test(
        "the whole of an address space is refused in no time",
        arguments: [
            (
                "0.0.0.0/0",
                "the hosts name 4294967294 targets, 4278190078 more than the 16777216 that one scan may have"
            ),
            ("::/0", "the hosts name more than 18446744073709551615 targets; one scan may have 16777216"),
        ]
    )
    func everything(network: String, message: String) throws {
        var found: [ValidationIssue] = []
        let duration = try ContinuousClock().measure { found = try issues(hosts: [network, network]) }
        #expect(found.map(\.msg) == [message])
        #expect(duration < .milliseconds(200))
    }

    @Test("overlapping networks count once, however many there are")
    func overlapping() throws {
        var generator = SeededGenerator(seed: 7)
        let hosts = (0..<10_000).map { _ in
            "20.\(Int.random(in: 0...255, using: &generator)).\(Int.random(in: 0...255, using: &generator)).0/\(Int.random(in: 12...24, using: &generator))"
        }
        #expect(try issues(hosts: hosts).isEmpty)
    }

    @Test("a rate above the deployment's ceiling is refused where it stands")
    func rateCeiling() throws {
        for section in ["open_ports_opts", "service_opts"] {
            for name in ["min_rate", "max_rate"] {
                func issues(_ rate: Int, ceiling: Int?) throws -> [ValidationIssue] {
                    try self.issues(
                        hosts: ["20.0.0.1"],
                        { body in
                            for section in ["open_ports_opts", "service_opts"] {
                                body[section] = body[section].without("min_rate").without("max_rate")
                            }
                            body[section][name] = .integer(rate)
                        },
                        rateCeiling: ceiling
                    )
                }
                let found = try issues(501, ceiling: 500)
                #expect(found.map(\.loc) == [["body", .name(section), .name(name)]])
                #expect(found.first?.msg.contains("must not exceed 500") == true)
                #expect(try issues(500, ceiling: 500).isEmpty && issues(501, ceiling: nil).isEmpty)
            }
        }
    }

    @Test("a body that says it is too long is refused before any of it is read, and by how much")
    func announcedLength() async throws {
        let fixture = APIFixture()
        let unread = AsyncStream<ByteBuffer> {
            Issue.record("the body was read")
            return nil
        }
        let response = try await fixture.respond(
            .post,
            "/tasks/\(APIFixture.project)/run-nmap",
            headers: [.contentLength: "70000"],
            body: RequestBody(asyncSequence: unread)
        )
        #expect(response.status == .contentTooLarge)
        let body = try JSONReader.read(Array(try await APIFixture.blocks(of: response).joined()))
        #expect(body["detail"] == "the body has 70000 bytes, 4464 more than the 65536 allowed")
    }

    @Test("exclusions, priority and dry run are read, and are as the original's request without them")
    func newFields() throws {
        var body = try Fixture.value("run-nmap.request")
        let limits = ScanRequestReaderTests.limits
        let plain = try ScanRequestReader.read(try body.bytes, limits: limits)
        #expect(plain.exclude.isEmpty && plain.priority == 5 && !plain.isDryRun && plain.requeues == nil)
        for name in ["exclude", "priority", "dry_run"] { body[name] = .null }
        #expect(try ScanRequestReader.read(try body.bytes, limits: limits) == plain)
        body["exclude"] = []
        #expect(try ScanRequestReader.read(try body.bytes, limits: limits) == plain)
        body["exclude"] = ["20.9.9.0/24", "a.test", "2001:db8::/64"]
        body["priority"] = 9
        body["dry_run"] = true
        let request = try ScanRequestReader.read(try body.bytes, limits: limits)
        #expect(request.exclude == ["20.9.9.0/24", "a.test", "2001:db8::/64"])
        #expect(request.priority == 9 && request.isDryRun)
    }

    @Test("what cannot be excluded, or is no priority, is refused where it stands")
    func badNewFields() throws {
        let found = try issues(hosts: ["20.0.0.1"]) { body in
            body["exclude"] = ["20.0.0.256", "a.test", 7]
            body["priority"] = 10
            body["dry_run"] = "yes"
        }
        #expect(
            found.map(\.loc) == [
                ["body", "exclude", .index(0)], ["body", "exclude", .index(2)], ["body", "priority"],
                ["body", "dry_run"],
            ]
        )
        let tooMany = try issues(hosts: ["20.0.0.1"]) { body in
            body["exclude"] = .array(Array(repeating: "20.0.0.1", count: 20_001))
        }
        #expect(tooMany.map(\.msg) == ["List should have at most 20000 items, not 20001"])
    }
}
