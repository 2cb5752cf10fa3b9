import Hummingbird
import Logging
import Synchronization

/// What belongs to one request.
struct APIContext: RequestContext {
    var coreContext: CoreRequestContextStorage
    /// When it came in.
    let start = ContinuousClock.now
    /// What is found out about the request on its way.
    let record = RequestRecord()

    init(source: ApplicationRequestContextSource) {
        self.init(logger: source.logger)
    }

    init(logger: Logger) {
        coreContext = CoreRequestContextStorage(source: LoggerSource(logger: logger))
    }

    private struct LoggerSource: RequestContextSource {
        let logger: Logger
    }
}

/// What the log says about a request beside its head. Shared by the context's copies.
final class RequestRecord: Sendable {
    private let storage = Mutex<CallerID?>(nil)

    /// Who asks, once that is known.
    var caller: CallerID? {
        get { storage.withLock { $0 } }
        set { storage.withLock { $0 = newValue } }
    }
}
