import Foundation
public import Logging
public import ServiceLifecycle
import Synchronization

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
    private let multi: CurlMulti
    private let mailbox = Mailbox<TransferLoop.Command>()
    private let hasRun = Atomic(false)

    /// A transport that does not run yet.
    public init(
        configuration: HTTPTransportConfiguration = HTTPTransportConfiguration(),
        logger: Logger
    ) throws(HTTPTransportError) {
        self.configuration = configuration
        self.logger = logger
        multi = try CurlMulti(maximumConnectionsPerHost: configuration.maximumConnectionsPerHost)
    }

    /// Carries out requests until graceful shutdown or cancellation. Called once.
    public func run() async throws {
        precondition(!hasRun.exchange(true, ordering: .relaxed), "run() is called once")
        await withTaskCancellationOrGracefulShutdownHandler {
            await withCheckedContinuation { continuation in
                let thread = Thread { [self] in
                    blockBrokenPipeSignal()
                    TransferLoop(configuration: configuration, multi: multi).run(mailbox)
                    continuation.resume()
                }
                thread.name = "http-transport"
                thread.start()
            }
        } onCancelOrGracefulShutdown: { [self] in
            mailbox.close()
            multi.wakeUp()
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
}

/// OpenSSL writes to sockets without `MSG_NOSIGNAL`, and libcurl is told to leave signals alone (`CURLOPT_NOSIGNAL`).
/// On a thread that blocks the signal, writing to a closed connection is an error like any other.
private func blockBrokenPipeSignal() {
    var signals = sigset_t()
    sigemptyset(&signals)
    sigaddset(&signals, SIGPIPE)
    pthread_sigmask(SIG_BLOCK, &signals, nil)
}
