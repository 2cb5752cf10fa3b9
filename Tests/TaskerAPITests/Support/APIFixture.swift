import AddressSpace
import Foundation
import HTTPTypes
import Hummingbird
import Logging
import NIOCore
import RedisClient
import ScanLedger
import ScanModel
import Synchronization
import Testing

@testable import TaskerAPI

/// The routes over a store in memory and a scripted ScanLedger.
struct APIFixture {
    static let project = ProjectID(UUID(uuidString: "5db0659d-75ad-4036-b5e0-ff1d2826ffaa")!)
    static let token = "good-token-51c0"

    /// What was answered.
    struct Answer {
        let status: Int
        let headers: HTTPFields
        let body: JSONValue
    }

    let store = MemoryStore()
    let ledger = Verdicts()
    /// The time by which ScanLedger's answers grow old.
    let time = ManualTime()
    let drain = Drain(time: .zero, logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() })
    let api: API
    private let description: APIDescription
    private let responder: MethodGate<RouterResponder<APIContext>>

    init(
        planWait: Duration = .zero,
        limits: RequestLimits = RequestLimits(bodyBytes: 64 << 10, hosts: 1_000, targets: 1 << 24),
        rates: RateLimits = .none,
        proxies: [IPAddress] = [],
        streams: EventFeeds.Limits = EventFeeds.Limits(total: 8, perCaller: 4)
    ) {
        let (stream, _) = AsyncStream.makeStream(of: RedisMessage.self)
        api = API(
            store: store,
            notifier: PlanNotifier { stream },
            events: EventHub(
                store: store,
                limits: streams,
                logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }
            ),
            gatekeeper: Gatekeeper(
                access: AccessControl(now: { [time] in time.now }) { [ledger] scope, token throws(LedgerError) in
                    try ledger.verdict(scope, token)
                },
                hasher: CallerHasher(serviceToken: "service-token")
            ),
            readiness: Readiness(
                probes: ["redis": { [store] in try await store.ping() }],
                required: ["redis"],
                isEnding: { [drain] in drain.isUnderWay },
                warnings: { [] }
            ),
            limits: limits,
            planWait: planWait,
            library: ReportLibrary(store: store),
            proxies: TrustedProxies(addresses: AddressSet(proxies.map { AddressRange($0) })),
            limiter: RateLimiter(rates, now: { [time] in time.now }),
            drain: drain
        )
        description = APIDescription(api)
        responder = api.makeResponder()
    }

    func send(
        _ method: HTTPRequest.Method,
        _ path: String,
        token: String? = Self.token,
        headers: HTTPFields = [:],
        body: [UInt8] = []
    ) async throws -> Answer {
        let stream = RequestBody(buffer: ByteBuffer(bytes: body))
        let response = try await respond(method, path, token: token, headers: headers, body: stream)
        let bytes = Array(try await Self.blocks(of: response).joined())
        let answer = Answer(status: response.status.code, headers: response.headers, body: try JSONReader.read(bytes))
        expectDocumented(answer, to: method, path)
        return answer
    }

    /// Every answer of a route is one that the document has.
    private func expectDocumented(_ answer: Answer, to method: HTTPRequest.Method, _ path: String) {
        #expect(description.faults(of: answer, to: method, path) == [], "\(method) \(path)")
    }

    /// What is answered, before any of its body is written.
    func respond(
        _ method: HTTPRequest.Method,
        _ path: String,
        token: String? = Self.token,
        headers: HTTPFields = [:],
        body: RequestBody = RequestBody(buffer: ByteBuffer())
    ) async throws -> Response {
        var headers = headers
        if let token { headers[.authorization] = "Bearer \(token)" }
        let head = HTTPRequest(method: method, scheme: "http", authority: "test", path: path, headerFields: headers)
        let request = Request(head: head, body: body)
        let logger = Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }
        let context = APIContext(logger: logger, peer: IPAddress("192.0.2.1"))
        return try await responder.respond(to: request, context: context)
    }

    /// The body of an answer, as it was written.
    static func blocks(of response: Response) async throws -> [[UInt8]] {
        let writer = BodyCollector()
        try await response.body.write(writer)
        return writer.blocks.withLock { $0 }
    }

    /// A request to a route of the project.
    func send(
        _ method: HTTPRequest.Method,
        project route: String,
        headers: HTTPFields = [:],
        body: [UInt8] = []
    ) async throws -> Answer {
        try await send(method, "/tasks/\(Self.project)/\(route)", headers: headers, body: body)
    }
}

/// What ScanLedger says, and how often it was asked.
final class Verdicts: Sendable {
    let state = Mutex<(access: [String: LedgerAccess], isAway: Bool, count: Int)>(
        ([APIFixture.token: .granted], false, 0)
    )

    func verdict(_ scope: AccessScope, _ token: BearerToken) throws(LedgerError) -> LedgerAccess {
        let verdict = state.withLock { state -> LedgerAccess? in
            state.count += 1
            return state.isAway ? nil : state.access[token.secret] ?? .denied
        }
        guard let verdict else { throw LedgerError(code: .unavailable, message: "scripted") }
        return verdict
    }
}

private final class BodyCollector: ResponseBodyWriter, Sendable {
    let blocks = Mutex<[[UInt8]]>([])

    func write(_ buffer: ByteBuffer) async throws {
        blocks.withLock { $0.append(Array(buffer.readableBytesView)) }
    }

    func finish(_ trailingHeaders: HTTPFields?) async throws {}
}

/// A body of which nothing is kept; a test is told of each block, and may refuse it.
struct BlockObserver: ResponseBodyWriter {
    let onBlock: () throws -> Void

    func write(_ buffer: ByteBuffer) async throws {
        try onBlock()
    }

    func finish(_ trailingHeaders: HTTPFields?) async throws {}
}
