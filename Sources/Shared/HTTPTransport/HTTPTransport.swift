public import Logging
public import ServiceLifecycle
import Synchronization
import WorkerThread

/// Sends HTTP/1.1 requests by libcurl's multi interface: all of them on one thread of its own, over connections that
/// are kept and used again.
///
/// Peers are verified, redirects are not followed, proxies and cookies not used. Requests are carried out while `run()`
/// runs; those sent before wait for it. When it ends, by graceful shutdown or cancellation, all that are pending fail
/// as `cancelled`, and so do later ones.
public final class HTTPTransport: HTTPSending, Service {
    static let shutdownMessage = "the transport has been shut down"

    private let configuration: HTTPTransportConfiguration
    private let logger: Logger
    private let pinned: PinnedCertificate?
    private let multi: CurlMulti
    private let mailbox = Mailbox<TransferLoop.Command>()
    private let hasRun = Atomic(false)

    /// A transport that does not run yet.
    ///
    /// - Throws: `tls` where ``HTTPTransportConfiguration/pinnedCertificateFile`` has no certificate.
    public init(
        configuration: HTTPTransportConfiguration = HTTPTransportConfiguration(),
        logger: Logger
    ) throws(HTTPTransportError) {
        self.configuration = configuration
        self.logger = logger
        if let file = configuration.pinnedCertificateFile {
            pinned = try PinnedCertificate(file: file)
        } else {
            pinned = nil
        }
        multi = try CurlMulti(maximumConnectionsPerHost: configuration.maximumConnectionsPerHost)
    }

    /// Carries out requests until graceful shutdown or cancellation. Called once.
    public func run() async throws {
        precondition(!hasRun.exchange(true, ordering: .relaxed), "run() is called once")
        await runOnThread(named: "http-transport", onStop: stop) { [self] in
            TransferLoop(configuration: configuration, pinned: pinned, multi: multi).run(mailbox)
        }
    }

    /// Sends a request and returns the whole answer. Cancelling the task ends this request alone, at once.
    public func send(_ request: HTTPTransportRequest) async throws(HTTPTransportError) -> HTTPTransportResponse {
        let submission = try Submission(request)
        let outcome = await withTaskCancellationHandler {
            if !post(.start(submission)) {
                submission.cancel(because: Self.shutdownMessage)
            }
            return await submission.outcome()
        } onCancel: { [self] in
            submission.cancel(because: "the task was cancelled")
            _ = post(.abandon(submission))
        }
        if case .failure(let error) = outcome {
            logger.debug(
                "HTTP request failed",
                metadata: [
                    "http.method": "\(request.method.rawValue)", "http.origin": "\(submission.origin)",
                    "error": "\(error)",
                ]
            )
        }
        return try outcome.get()
    }

    private func post(_ command: TransferLoop.Command) -> Bool {
        guard mailbox.post(command) else { return false }
        multi.wakeUp()
        return true
    }

    private func stop() {
        mailbox.close()
        multi.wakeUp()
    }
}
