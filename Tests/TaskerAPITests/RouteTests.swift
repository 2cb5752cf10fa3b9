import Foundation
import HTTPTypes
import ScanLedger
import ScanModel
import Synchronization
import Telemetry
import Testing

@testable import ScanStore
@testable import TaskerAPI

@Suite("Routes")
struct RouteTests {
    private let fixture = APIFixture(planWait: .seconds(30))

    private func planned(_ id: ScanID) -> PlanAnswer {
        var summary = PlanSummary()
        summary.provided = 4
        summary.sentToScan = 1
        return PlanAnswer(
            summary: summary,
            preparedTargets: ["20.9.9.9": PreparedTarget(hostnames: [], reason: nil)],
            inputToScan: [InputMapping(input: "20.9.9.9", scannedIP: "20.9.9.9", hostnames: [])],
            scanID: id,
            state: .running,
            preparedTargetsTotal: 1,
            inputToScanTotal: 1
        )
    }

    @Test("a scan that is planned in time is answered with 200, in the original's shape and ours")
    func runPlanned() async throws {
        fixture.store.state.withLock { state in
            state.onSubmit = { [planned] id, state in state.answers[id] = planned(id) }
        }
        let answer = try await fixture.send(.post, project: "run-nmap", body: try Fixture.bytes("run-nmap.request"))
        #expect(answer.status == 200)
        let submitted = try #require(fixture.store.state.withLock { $0.submitted.first })
        #expect(answer.headers[.location] == "/tasks/\(APIFixture.project)/scans/\(submitted.id)")
        #expect(answer.body["scan_id"] == .string("\(submitted.id)"))
        let original = try Fixture.value("run-nmap.response")
        #expect(answer.body.names.isSuperset(of: original.names))
        #expect(answer.body["summary"].names == original["summary"].names)
        #expect(answer.body["summary"]["refused"].names == original["summary"]["refused"].names)
        #expect(answer.body["prepared_targets"]["20.9.9.9"].names == ["hostnames", "valid", "reason"])
        #expect(answer.body["report"] == .string("/tasks/\(APIFixture.project)/scans/\(submitted.id)/report"))
        #expect(answer.body["input_to_scan"][0].names == original["input_to_scan"][0].names)
        #expect(submitted.project == APIFixture.project)
        #expect(submitted.caller.count == 12 && !submitted.caller.contains(APIFixture.token))
    }

    @Test("a target refused as already in queue names the scan that covers it")
    func coveredBy() async throws {
        let covering = ScanID(UUID())
        fixture.store.state.withLock { state in
            state.onSubmit = { [planned] id, state in
                var answer = planned(id)
                answer.preparedTargets["20.9.9.10"] = PreparedTarget(
                    hostnames: [],
                    reason: .alreadyInQueue,
                    coveringScan: covering
                )
                state.answers[id] = answer
            }
        }
        let answer = try await fixture.send(.post, project: "run-nmap", body: try Fixture.bytes("run-nmap.request"))
        let refused = answer.body["prepared_targets"]["20.9.9.10"]
        #expect(refused["covered_by"] == .string("\(covering)") && refused["reason"] == "already_in_queue")
    }

    @Test("a dry run is answered with its plan, in a state of its own")
    func dryRun() async throws {
        fixture.store.state.withLock { state in
            state.onSubmit = { [planned] id, state in
                var answer = planned(id)
                answer.state = .dryRun
                state.answers[id] = answer
                state.states[id] = .dryRun
            }
        }
        var body = try Fixture.value("run-nmap.request")
        body["dry_run"] = true
        let answer = try await fixture.send(.post, project: "run-nmap", body: try body.bytes)
        #expect(answer.status == 200 && answer.body["state"] == "dry_run")
        #expect(fixture.store.state.withLock { $0.submitted.first?.request.isDryRun } == true)
    }

    @Test("a scan that is not planned in time is answered with 202, in the same shape")
    func runPending() async throws {
        let answer = try await fixture.send(
            .post,
            project: "run-nmap",
            headers: [.prefer: "respond-async"],
            body: try Fixture.bytes("run-nmap.request")
        )
        #expect(answer.status == 202)
        #expect(answer.headers[.preferenceApplied] == "respond-async")
        #expect(answer.headers[.location]?.hasPrefix("/tasks/\(APIFixture.project)/scans/") == true)
        #expect(answer.body.names.isSuperset(of: try Fixture.value("run-nmap.response").names))
        #expect(answer.body["summary"]["refused"]["private_ip"] == 0)
        #expect(answer.body["state"] == "planning")
    }

    @Test("a scan that was stopped before it was planned is answered at once")
    func runStopped() async throws {
        fixture.store.state.withLock { $0.onSubmit = { id, state in state.states[id] = .stopped } }
        let answer = try await fixture.send(.post, project: "run-nmap", body: try Fixture.bytes("run-nmap.request"))
        #expect(answer.status == 200)
        #expect(answer.body["state"] == "stopped")
    }

    @Test("a scan that cannot be planned is refused, and says where to look")
    func runFailed() async throws {
        fixture.store.state.withLock { $0.onSubmit = { id, state in state.states[id] = .failed } }
        let answer = try await fixture.send(.post, project: "run-nmap", body: try Fixture.bytes("run-nmap.request"))
        #expect(answer.status == 422)
        #expect(answer.body["detail"][0]["type"] == "plan_failed")
        #expect(answer.headers[.location] != nil)
    }

    @Test("a bad body is a 422, and nothing is accepted")
    func runInvalid() async throws {
        let answer = try await fixture.send(.post, project: "run-nmap", body: Array("{".utf8))
        #expect(answer.status == 422)
        #expect(answer.body["detail"][0].names == ["type", "loc", "msg", "input"])
        #expect(fixture.store.state.withLock { $0.submitted.isEmpty })
    }

    @Test("a body over the limit is a 413")
    func runTooLarge() async throws {
        let answer = try await fixture.send(.post, project: "run-nmap", body: Array(repeating: 0x20, count: 70_000))
        #expect(answer.status == 413)
        #expect(answer.body.names == ["detail"])
    }

    @Test("without the store nothing is accepted, and that is said")
    func runWithoutStore() async throws {
        fixture.store.state.withLock { $0.isAway = true }
        let answer = try await fixture.send(.post, project: "run-nmap", body: try Fixture.bytes("run-nmap.request"))
        #expect(answer.status == 503)
        #expect(answer.headers[.retryAfter] != nil)
    }

    @Test("a scan whose acceptance was not heard is looked for, and not accepted twice")
    func runReplyLost() async throws {
        fixture.store.state.withLock { $0.losesSubmitReply = true }
        let answer = try await fixture.send(
            .post,
            project: "run-nmap",
            headers: [.prefer: "wait=0"],
            body: try Fixture.bytes("run-nmap.request")
        )
        #expect(answer.status == 202)
        #expect(fixture.store.state.withLock { $0.submitted.count } == 1)
    }

    @Test("without a good token there is a 401 with WWW-Authenticate", arguments: [nil, "", "bad"])
    func unauthenticated(token: String?) async throws {
        for path in ["/tasks/\(APIFixture.project)/status", "/workers", "/workers/ips"] {
            let answer = try await fixture.send(.get, path, token: token)
            #expect(answer.status == 401)
            #expect(answer.headers[.wwwAuthenticate] == "Bearer")
            #expect(answer.body["detail"] == "Invalid authentication credentials")
        }
    }

    @Test("an unknown project is a 404, as ScanLedger says")
    func unknownProject() async throws {
        fixture.ledger.state.withLock { $0.access[APIFixture.token] = .unknownProject }
        let answer = try await fixture.send(.get, project: "status")
        #expect(answer.status == 404)
        #expect(answer.body["detail"] == "Project not found")
    }

    @Test("a project that is not a UUID is a 422 that names the parameter")
    func badProject() async throws {
        let answer = try await fixture.send(.get, "/tasks/abc/status")
        #expect(answer.status == 422)
        #expect(answer.body["detail"][0]["loc"] == ["path", "project_id"])
        #expect(answer.body["detail"][0]["input"] == "abc")
    }

    @Test("while ScanLedger is away there is a 503, except for a stop by somebody known")
    func ledgerAway() async throws {
        #expect(try await fixture.send(.get, project: "status").status == 200)
        #expect(try await fixture.send(.get, "/workers/ips").status == 200)
        let other = APIFixture()
        other.ledger.state.withLock { $0.isAway = true }
        for route in ["status", "stop-nmap", "scans"] {
            let answer = try await other.send(.get, project: route)
            #expect(answer.status == 503)
            #expect(answer.headers[.retryAfter] == "5")
        }
        #expect(try await other.send(.post, project: "pause").status == 503)
    }

    @Test("a stop with nothing active is the original's answer", arguments: [HTTPRequest.Method.get, .post])
    func stopNothing(method: HTTPRequest.Method) async throws {
        let answer = try await fixture.send(method, project: "stop-nmap")
        #expect(answer.status == 200)
        #expect(answer.body["status"] == "no_tasks")
        #expect(answer.body.names.isSuperset(of: try Fixture.value("stop-nmap.no-tasks.response").names))
    }

    @Test("a stop is answered with the coordinator's receipt")
    func stop() async throws {
        fixture.store.state.withLock { state in
            state.activeScans = [ScanID(UUID()): APIFixture.project]
            state.onStop = { id, state in
                state.receipts[id] = StopReceipt(revoked: 3, unconfirmed: 1, finishing: 0)
            }
        }
        let answer = try await fixture.send(.get, project: "stop-nmap")
        #expect(answer.status == 200)
        #expect(answer.body["status"] == "stopped")
        #expect(answer.body["revoked"] == 3 && answer.body["unconfirmed"] == 1)
    }

    @Test("a stop with nothing active tells what an earlier one left unconfirmed")
    func stopAgain() async throws {
        fixture.store.state.withLock { state in
            state.onStop = { id, state in
                state.receipts[id] = StopReceipt(isAnythingStopped: false, revoked: 0, unconfirmed: 2, finishing: 0)
            }
        }
        let answer = try await fixture.send(.post, project: "stop-nmap")
        #expect(answer.status == 200)
        #expect(answer.body["status"] == "no_tasks")
        #expect(answer.body["revoked"] == 0 && answer.body["unconfirmed"] == 2)
    }

    @Test("the status has the original's fields")
    func status() async throws {
        fixture.store.state.withLock { state in
            state.status.activeOrQueued = 5
            state.status.running = [
                RunningTarget(ip: "127.0.0.1", hostnames: ["a.test"], worker: "w", startedAt: 7, phase: .services)
            ]
        }
        let answer = try await fixture.send(.get, project: "status")
        let original = try Fixture.value("status.response")
        #expect(answer.body.names == original.names)
        #expect(answer.body["active_or_queued"] == 5 && answer.body["running"] == 1)
        #expect(answer.body["running_targets"][0].names == original["running_targets"][0].names.union(["phase"]))
    }

    @Test("workers are listed by host, as the original does")
    func workers() async throws {
        fixture.store.state.withLock { state in
            state.workers = [.init(host: "worker-1", ip: "203.0.113.7", lastUpdated: 1, lastSeen: 2)]
        }
        let answer = try await fixture.send(.get, "/workers/ips")
        let original = try Fixture.value("workers-ips.response")
        #expect(answer.body.names == original.names)
        #expect(answer.body["workers"]["worker-1"].names == original["workers"]["worker-1"].names)
    }

    @Test("workers are listed with what they do, and those that fell silent as such")
    func workerActivities() async throws {
        let now = Int(Date().timeIntervalSince1970)
        let activity = WorkerActivity(
            takes: [.worker],
            slots: 2,
            active: 1,
            processed: 7,
            load: [0.5, 0.25, 0],
            software: "py-celery 5.7.0"
        )
        var idle = activity
        idle.active = 0
        fixture.store.state.withLock { state in
            state.workers = [
                .init(host: "w1", ip: "203.0.113.7", lastUpdated: 1, lastSeen: now, activity: activity),
                .init(host: "w2", ip: "unknown", lastUpdated: 0, lastSeen: now - 5, activity: idle),
                .init(host: "w3", ip: "unknown", lastUpdated: 0, lastSeen: now - 60, activity: activity),
                .init(host: "w4", ip: "unknown", lastUpdated: 0, lastSeen: now),
            ]
        }
        let answer = try await fixture.send(.get, "/workers")
        let workers = answer.body["workers"]
        #expect((0..<4).map { workers[$0]["state"] } == ["busy", "idle", "silent", "idle"])
        #expect(workers[0]["active_tasks"] == 1 && workers[0]["processed"] == 7 && workers[0]["slots"] == 2)
        #expect(workers[0]["software"] == "py-celery 5.7.0" && workers[0]["takes"][0] == "worker")
        #expect(workers[0]["load"][1] == .number(0.25) && workers[0]["last_seen"] == .integer(now))
    }

    @Test("health, liveness and readiness need no token")
    func health() async throws {
        let health = try await fixture.send(.get, "/health", token: nil)
        #expect(health.status == 200 && health.body["status"] == "ok")
        #expect(try await fixture.send(.get, "/livez", token: nil).status == 200)
        #expect(try await fixture.send(.get, "/readyz", token: nil).status == 200)
    }

    @Test("without the store, a replica is not ready")
    func unready() async throws {
        fixture.store.state.withLock { $0.isAway = true }
        let readiness = try await fixture.send(.get, "/readyz", token: nil)
        #expect(readiness.status == 503)
        #expect(readiness.body["dependencies"]["redis"] == "away")
    }

    @Test("unknown paths and methods are answered in JSON")
    func unknownRoutes() async throws {
        let missing = try await fixture.send(.get, "/nothing/here")
        #expect(missing.status == 404 && missing.body.names == ["detail"])
        let wrong = try await fixture.send(.delete, project: "stop-nmap")
        #expect(wrong.status == 405)
        #expect(wrong.headers[.allow] == "GET, POST")
        #expect(try await fixture.send(.get, project: "run-nmap").status == 405)
        let unheardOf = try #require(HTTPRequest.Method("QUERY"))
        #expect(try await fixture.send(unheardOf, project: "run-nmap").headers[.allow] == "POST")
        #expect(try await fixture.send(unheardOf, "/nothing/here").status == 404)
    }

    @Test("every answer carries a request id, the caller's own where it is sane")
    func requestID() async throws {
        let given = try await fixture.send(.get, "/nothing", headers: [.requestID: "abc-1"])
        #expect(given.headers[.requestID] == "abc-1")
        let made = try await fixture.send(.get, project: "status", headers: [.requestID: "a b\u{7F}"])
        #expect(UUID(uuidString: made.headers[.requestID] ?? "") != nil)
    }

    @Test(
        "a scan is the next step of its caller's trace, or begins one",
        arguments: [
            ("00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01", true),
            ("00-4bf92f3577b34da6a3ce929d0e0e4736-0000000000000000-01", false), (nil, false),
        ]
    )
    func trace(given: String?, isTaken: Bool) async throws {
        let fixture = APIFixture()
        var headers: HTTPFields = [:]
        headers[.traceparent] = given
        let body = try Fixture.bytes("run-nmap.request")
        _ = try await fixture.send(.post, project: "run-nmap", headers: headers, body: body)
        let requester = try #require(fixture.store.state.withLock { $0.requesters.first })
        let trace = try #require(requester.traceparent.flatMap(TraceContext.init))
        #expect((trace.traceID == "4bf92f3577b34da6a3ce929d0e0e4736") == isTaken)
        #expect(trace.spanID != "00f067aa0ba902b7" && trace.isSampled == isTaken)
    }
}
