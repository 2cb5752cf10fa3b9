import Foundation
import HTTPTransport
import HTTPTypes
import Health
import Hummingbird
import NIOCore
import PrometheusMetrics
import Synchronization
import Testing

@testable import ScanStore
@testable import TaskerCoordinator

@Suite("How a coordinator says that it is")
struct CoordinatorHealthTests {
    private let now = ContinuousClock.now
    private let patience = Duration.seconds(6)

    private func condition(_ standing: CoordinatorCondition.Standing) -> CoordinatorCondition {
        var condition = CoordinatorCondition()
        condition.standing = standing
        condition.redis = (now, false)
        condition.rabbitMQ = (true, false)
        return condition
    }

    private func report(_ condition: CoordinatorCondition, after duration: Duration = .zero) -> ReadinessReport {
        condition.report(at: now + duration, patience: patience)
    }

    @Test("a standby is ready and says so")
    func standby() {
        let report = report(condition(.standby))
        #expect(report.status == .standby && report.isReady)
        #expect(report.detail == nil && report.epoch == nil)
        #expect(report.dependencies == ["redis": .ok, "rabbitmq": .ok, "scanledger": .unknown])
    }

    @Test("a leader says its epoch, also where what it depends on is away")
    func leader() {
        var condition = condition(.leading(epoch: 7))
        condition.rabbitMQ = (false, false)
        condition.scanledger = .away
        let report = report(condition)
        #expect(report.status == .leading && report.isReady && report.epoch == 7)
        #expect(report.detail == "away: rabbitmq, scanledger")
    }

    @Test("without an answer of Redis a coordinator is not ready, in any standing")
    func withoutRedis() {
        for standing in [CoordinatorCondition.Standing.starting, .standby, .leading(epoch: 7)] {
            var missed = condition(standing)
            missed.redis.isMissed = true
            #expect(!report(missed).isReady)
            #expect(!report(condition(standing), after: patience).isReady, "an answer that is too old")
            #expect(report(missed).dependencies["redis"] == .away)
            #expect(report(missed).detail == "away: redis")
        }
    }

    @Test("before Redis has answered for the first time it starts")
    func starting() {
        var condition = condition(.starting)
        condition.redis = (nil, false)
        #expect(report(condition).status == .unready)
        #expect(report(condition).detail == "starting")
        #expect(report(condition).dependencies["redis"] == .unknown)
    }

    @Test("where the installation's data is gone it is not ready, and says what to do")
    func foreign() {
        for standing in [CoordinatorCondition.Standing.starting, .standby, .leading(epoch: 7)] {
            var condition = condition(standing)
            condition.installation = "a"
            condition.foreign = ForeignInstallation(expected: "a", found: nil)
            let report = report(condition)
            #expect(report.status == .unready && report.installation == "a")
            #expect(report.detail?.contains("accept-installation a") == true)
        }
    }

    @Test("what works, but not as it should, is a warning")
    func warnings() {
        var condition = condition(.standby)
        condition.rabbitMQ.isBlocked = true
        condition.recentLoss = LostWrites(count: 12, time: Date(timeIntervalSince1970: 0))
        condition.durabilityWarnings = ["redis: appendonly is 'no'"]
        let report = report(condition)
        #expect(report.isReady && report.warnings.count == 3)
        #expect(report.warnings[1].contains("12 acknowledged writes; noticed at 1970-01-01T00:00:00Z"))
    }

    @Test("ScanLedger is as its last answer was")
    func ledger() async throws {
        let script = Script()
        let contact = LedgerContact(script)
        let request = HTTPTransportRequest(method: .get, url: "http://l/health", deadline: .seconds(1))
        #expect(contact.state == .unknown)
        for (status, state) in [(200, ReadinessReport.Dependency.ok), (503, .away), (404, .ok), (500, .ok)] {
            script.status.withLock { $0 = status }
            _ = try await contact.send(request)
            #expect(contact.state == state)
        }
        script.status.withLock { $0 = nil }
        await #expect(throws: HTTPTransportError.self) { try await contact.send(request) }
        #expect(contact.state == .away)
    }

    @Test("it is alive whatever happens, and ready while it stands by or leads")
    func answers() async throws {
        let health = CoordinatorHealth(
            witness: StoreWitness(),
            scanledger: LedgerContact(Script()),
            connections: [],
            patience: patience
        )
        let routes = HealthRoutes(health: health, registry: PrometheusRegistry(catalogue: CoordinatorMetrics.all))
        #expect(try await routes.readiness().text.hasPrefix("503"))
        health.redisAnswered()
        health.standsBy()
        let standby = try await routes.readiness().text
        #expect(standby.hasPrefix("200") && standby.contains(#""status":"standby""#))
        health.leads(in: Term(epoch: 9, holder: "h", installation: "i"))
        let leading = try await routes.readiness().text
        #expect(leading.hasPrefix("200") && leading.contains(#""status":"leading""#) && leading.contains(#""epoch":9"#))
        health.redisDidNotAnswer()
        #expect(try await routes.readiness().text.hasPrefix("503"))
        #expect(try await routes.liveness().text == #"200 {"status":"alive"}"#)
        health.redisAnswered()
        #expect(try await routes.readiness().text.hasPrefix("200"))
    }
}

/// Answers with a status, or not at all.
private final class Script: HTTPSending {
    let status = Mutex<Int?>(200)

    func send(_ request: HTTPTransportRequest) async throws(HTTPTransportError) -> HTTPTransportResponse {
        guard let status = status.withLock(\.self) else {
            throw HTTPTransportError(code: .unreachable, message: "scripted", mayHaveReachedServer: false)
        }
        return HTTPTransportResponse(status: status, headers: [:], body: [])
    }
}

extension Response {
    /// Status and body.
    fileprivate var text: String {
        get async throws {
            let writer = Body()
            try await body.write(writer)
            return "\(status.code) \(writer.text.withLock(\.self))"
        }
    }

    private final class Body: ResponseBodyWriter {
        let text = Mutex("")

        func write(_ buffer: ByteBuffer) async throws {
            text.withLock { $0 += String(buffer: buffer) }
        }

        func finish(_ trailingHeaders: HTTPFields?) async throws {}
    }
}
