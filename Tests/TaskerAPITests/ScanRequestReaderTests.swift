import Foundation
import HTTPTypes
import Nmap
import ScanModel
import Testing

@testable import TaskerAPI

@Suite("Validating run-nmap")
struct ScanRequestReaderTests {
    static let limits = RequestLimits(bodyBytes: 1 << 20, hosts: 1_000, targets: 1 << 24)

    static func fixture() throws -> JSONValue { try Fixture.value("run-nmap.request") }

    /// What is wrong with a body.
    static func issues(_ body: JSONValue) throws -> [ValidationIssue] {
        issues(try body.bytes)
    }

    static func issues(_ body: [UInt8]) -> [ValidationIssue] {
        do {
            _ = try ScanRequestReader.read(body, limits: limits)
            return []
        } catch {
            guard case .issues(let issues) = error.detail, error.status == .unprocessableContent else { return [] }
            return issues
        }
    }

    @Test("a request of the original is read with all its options")
    func original() throws {
        let request = try ScanRequestReader.read(try Fixture.bytes("run-nmap.request"), limits: Self.limits)
        #expect(request.hosts == ["20.9.9.9", "20.9.9.9", "10.0.0.1", "nosuch.invalid"])
        #expect(request.openPorts.ports.nmapList == "80,1000-2000")
        #expect(request.openPorts.timing == TimingOptions(dnsResolution: false, maxRetries: 1, minRate: 2000))
        #expect(request.openPorts.skipHostDiscovery && request.openPorts.transportProtocol == .tcp)
        #expect(request.services.aggressiveScan && request.services.defaultScripts)
        #expect(!request.services.osDetection && !request.services.traceroute)
        #expect(request.timeout == 60 && request.includeServices && !request.singleResolve)
        #expect(request.mode == .insert && request.trackHistory)
    }

    @Test("ports that nmap could not take as an argument are refused")
    func manyPorts() throws {
        var body = try Self.fixture()
        let odd = stride(from: 1, through: 65_535, by: 2).map { JSONValue.string("\($0)") }
        body["open_ports_opts"] = .object(["ports": .array(odd)])
        let issues = try Self.issues(body)
        #expect(issues.map(\.type) == ["too_long"])
    }

    @Test("what need not be there has the original's defaults, and null means the same")
    func defaults() throws {
        let optional = ["single_resolve", "track_history"]
        var bare = try Self.fixture()
        var withNulls = bare
        for name in optional {
            bare = bare.without(name)
            withNulls[name] = .null
        }
        bare["open_ports_opts"] = .object(["ports": ["80"]])
        bare["service_opts"] = .object([:])
        withNulls["open_ports_opts"] = .object(["ports": ["80"], "skip_host_discovery": .null, "min_rate": .null])
        withNulls["service_opts"] = .object(["traceroute": .null, "dns_resolution": .null])
        for body in [bare, withNulls] {
            let request = try ScanRequestReader.read(try body.bytes, limits: Self.limits)
            #expect(!request.singleResolve && request.trackHistory)
            #expect(request.openPorts == OpenPortsOptions(ports: try PortSet(parsing: ["80"])))
            #expect(request.services == ServiceOptions())
        }
    }

    @Test(
        "a body that is not an object is refused",
        arguments: [
            ("null", "missing"), ("[]", "model_attributes_type"), ("3", "model_attributes_type"),
        ]
    )
    func notAnObject(body: String, type: String) {
        #expect(Self.issues(Array(body.utf8)).map(\.type) == [type])
        #expect(Self.issues(Array(body.utf8)).map(\.loc) == [["body"]])
    }

    @Test("a body that is not JSON is refused at the byte at fault")
    func notJSON() {
        let issues = Self.issues(Array(#"{"hosts": [}"#.utf8))
        #expect(issues.map(\.type) == ["json_invalid"])
        #expect(issues.map(\.loc) == [["body", .index(11)]])
    }

    @Test(
        "what the original requires is required",
        arguments: [
            "hosts", "open_ports_opts", "service_opts", "timeout", "include_services", "mode",
        ]
    )
    func required(name: String) throws {
        let issues = try Self.issues(try Self.fixture().without(name))
        #expect(issues.map(\.type) == ["missing"])
        #expect(issues.map(\.loc) == [["body", .name(name)]])
        var body = try Self.fixture()
        body[name] = .null
        #expect(try Self.issues(body).map(\.loc) == [["body", .name(name)]])
    }

    @Test("every bad host is named by its place")
    func badHosts() throws {
        var body = try Self.fixture()
        body["hosts"] = [
            "192.0.2.1", "10.0.0.256", "192.0.2.0/24", "a.test\r\nHost: b", "１.2.3.4", 7, .null, "", "localhost",
            "host-a.test",
        ]
        let issues = try Self.issues(body)
        #expect(issues.map(\.loc) == [1, 3, 4, 5, 6, 7, 8].map { ["body", "hosts", .index($0)] })
        #expect(Set(issues.map(\.type)) == ["value_error", "string_type"])
        #expect(issues[0].input == "10.0.0.256")
    }

    @Test("no more than a hundred bad entries are named")
    func manyBadHosts() throws {
        var body = try Self.fixture()
        body["hosts"] = .array(Array(repeating: "-", count: 1_000))
        #expect(try Self.issues(body).count == 100)
    }

    @Test("hosts have to be there, and not too many")
    func hostCount() throws {
        var body = try Self.fixture()
        body["hosts"] = []
        #expect(try Self.issues(body).map(\.type) == ["too_short"])
        body["hosts"] = .array(Array(repeating: "192.0.2.1", count: 1_001))
        #expect(try Self.issues(body).map(\.type) == ["too_long"])
        body["hosts"] = "192.0.2.1"
        #expect(try Self.issues(body).map(\.type) == ["list_type"])
    }

    @Test("every bad port is named by its place")
    func badPorts() throws {
        var body = try Self.fixture()
        body["open_ports_opts"]["ports"] = [
            "80", "0", "1-70000", "20-10", "٨٠", "80\r", "8 0", "-p 1", 80, "443", "65536", "1-", "http",
        ]
        let issues = try Self.issues(body)
        let places = [1, 2, 3, 4, 5, 6, 7, 8, 10, 11, 12]
        #expect(issues.map(\.loc) == places.map { ["body", "open_ports_opts", "ports", .index($0)] })
        body["open_ports_opts"]["ports"] = []
        #expect(try Self.issues(body).map(\.type) == ["too_short"])
        body["open_ports_opts"] = body["open_ports_opts"].without("ports")
        #expect(try Self.issues(body).map(\.type) == ["missing"])
    }

    @Test(
        "numbers outside their bounds are refused, the bounds are not",
        arguments: [
            ("max_retries", 0, 20), ("min_parallelism", 1, 700), ("max_parallelism", 1, 700),
            ("min_rtt_timeout_ms", 1, 60_000), ("initial_rtt_timeout_ms", 1, 60_000), ("min_rate", 1, 30_000),
            ("max_rate", 1, 30_000),
        ]
    )
    func bounds(name: String, lowest: Int, highest: Int) throws {
        for section in ["open_ports_opts", "service_opts"] {
            for (value, type) in [
                (lowest - 1, "greater_than_equal"), (highest + 1, "less_than_equal"), (lowest, nil), (highest, nil),
            ] {
                var body = try Self.fixture()
                body[section] = .object(section == "service_opts" ? [:] : ["ports": ["80"]])
                body[section][name] = .integer(value)
                let issues = try Self.issues(body)
                #expect(issues.map(\.type) == (type.map { [$0] } ?? []))
                #expect(issues.allSatisfy { $0.loc == ["body", .name(section), .name(name)] })
            }
        }
    }

    @Test("the timeout is from a second to a day")
    func timeout() throws {
        for (value, isGood) in [(0, false), (1, true), (86_400, true), (86_401, false), (-1, false)] {
            var body = try Self.fixture()
            body["timeout"] = .integer(value)
            #expect(try Self.issues(body).isEmpty == isGood)
        }
    }

    @Test(
        "wrong types are refused",
        arguments: [
            ("timeout", JSONValue.string("60"), "int_type"), ("timeout", true, "int_type"),
            ("timeout", .number(60.5), "int_type"), ("include_services", "true", "bool_type"),
            ("include_services", 1, "bool_type"), ("single_resolve", "no", "bool_type"), ("mode", "merge", "enum"),
            ("mode", 1, "enum"), ("hosts", .object([:]), "list_type"),
            ("open_ports_opts", .array([]), "model_attributes_type"),
            ("service_opts", "-sV", "model_attributes_type"),
        ]
    )
    func wrongTypes(name: String, value: JSONValue, type: String) throws {
        var body = try Self.fixture()
        body[name] = value
        let issues = try Self.issues(body)
        #expect(issues.map(\.type) == [type])
        #expect(issues.map(\.loc) == [["body", .name(name)]])
    }

    @Test("a whole number may be written with a fraction of nothing, as the original permits")
    func wholeNumber() throws {
        var body = try Self.fixture()
        body["timeout"] = .number(60.0)
        #expect(try ScanRequestReader.read(try body.bytes, limits: Self.limits).timeout == 60)
    }

    @Test(
        "an unknown field is refused, and the nearest known one is named",
        arguments: [
            ("host", "hosts"), ("inculde_services", "include_services"), ("modes", "mode"), ("Timeout", "timeout"),
        ]
    )
    func unknownField(name: String, nearest: String) throws {
        var body = try Self.fixture()
        body[name] = true
        let issue = try #require(try Self.issues(body).first)
        #expect(issue.type == "extra_forbidden")
        #expect(issue.loc == ["body", .name(name)])
        #expect(issue.msg.contains("'\(nearest)'"))
    }

    @Test("unknown options are refused in both sections, legacy ones of services are not")
    func unknownOptions() throws {
        var body = try Self.fixture()
        body["open_ports_opts"]["top_ports"] = 100
        body["service_opts"]["script"] = "vuln"
        body["service_opts"]["skip_host_discovery"] = true
        body["service_opts"]["transport_protocol"] = "tcp"
        let places = try Self.issues(body).map(\.loc)
        #expect(places == [["body", "open_ports_opts", "top_ports"], ["body", "service_opts", "script"]])
    }

    @Test("a field with an enormous name is refused quickly, and shown cut")
    func enormousName() throws {
        var body = try Self.fixture()
        body[String(repeating: "x", count: 100_000)] = .null
        let issue = try #require(try Self.issues(body).first)
        #expect(issue.loc == ["body", .name(String(repeating: "x", count: 64))])
    }

    @Test("no more messages are made than an answer has")
    func messages() throws {
        let issues = IssueCollector()
        var messagesMade = 0
        func message() -> String {
            messagesMade += 1
            return "m"
        }
        for _ in 0..<3 * IssueCollector.limit { issues.add("extra_forbidden", at: ["body"], message()) }
        #expect(issues.issues.count == IssueCollector.limit)
        #expect(messagesMade == IssueCollector.limit)
    }

    @Test("a body of far more values than any request has is refused before it is built")
    func manyValues() throws {
        let list = "[" + String(repeating: "1,", count: Self.limits.values) + "1]"
        let issues = Self.issues(Array(#"{"hosts":\#(list)}"#.utf8))
        #expect(issues.map(\.type) == ["json_invalid"])
        #expect(issues.first?.msg == "JSON decode error: there are too many values")
    }

    @Test("a minimum above its maximum is refused", arguments: ["rate", "parallelism", "rtt_timeout_ms"])
    func crossedBounds(name: String) throws {
        var body = try Self.fixture()
        body["service_opts"]["min_\(name)"] = 400
        body["service_opts"]["max_\(name)"] = 399
        let issues = try Self.issues(body)
        #expect(issues.map(\.loc) == [["body", "service_opts", .name("min_\(name)")]])
        body["service_opts"]["max_\(name)"] = 400
        #expect(try Self.issues(body).isEmpty)
    }

    @Test("everything wrong is said at once")
    func allAtOnce() throws {
        var body = try Self.fixture()
        body["hosts"] = ["bad host"]
        body["timeout"] = 0
        body["mode"] = "x"
        body["open_ports_opts"]["ports"] = ["0"]
        body["service_opts"]["max_rate"] = 0
        body["extra"] = 1
        #expect(try Self.issues(body).count == 6)
    }

    @Test("an issue is written in the original's form")
    func form() throws {
        let error = APIError.invalid([
            ValidationIssue("value_error", at: ["body", "hosts", .index(3)], "m", input: "x")
        ])
        guard case .issues(let issues) = error.detail else { return }
        let text = String(decoding: try JSONEncoder().encode(issues), as: UTF8.self)
        let expected = #"[{"type":"value_error","loc":["body","hosts",3],"msg":"m","input":"x"}]"#
        #expect(try JSONReader.read(Array(text.utf8)) == (try JSONReader.read(Array(expected.utf8))))
    }
}
