import HTTPTransport
import Health
import Synchronization

/// Remembers whether ScanLedger answered the last request, whoever sent it.
final class LedgerContact: HTTPSending {
    private let transport: any HTTPSending
    private let latest = Mutex(ReadinessReport.Dependency.unknown)

    init(_ transport: any HTTPSending) {
        self.transport = transport
    }

    /// `unknown` before the first request.
    var state: ReadinessReport.Dependency { latest.withLock(\.self) }

    func send(_ request: HTTPTransportRequest) async throws(HTTPTransportError) -> HTTPTransportResponse {
        do {
            let response = try await transport.send(request)
            // What a proxy answers for a ScanLedger that is away.
            note((502...504).contains(response.status) ? .away : .ok)
            return response
        } catch {
            switch error.code {
            case .unreachable, .timedOut, .tls, .other: note(.away)
            case .tooLarge, .cancelled, .invalidRequest: break
            }
            throw error
        }
    }

    private func note(_ state: ReadinessReport.Dependency) {
        latest.withLock { $0 = state }
    }
}
