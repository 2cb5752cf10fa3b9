import AddressSpace
import Hummingbird
import Logging
import NIOCore
import Synchronization
import Telemetry

/// What belongs to one request.
struct APIContext: RequestContext {
    var coreContext: CoreRequestContextStorage
    /// When it came in.
    let start = ContinuousClock.now
    /// What is found out about the request on its way.
    let record = RequestRecord()
    /// The other end of the connection.
    let peer: IPAddress?
    /// The address that the request comes from, also through proxies.
    var client: IPAddress?
    /// The request's id and trace, from its headers where they have some.
    var correlation: Correlation

    init(source: ApplicationRequestContextSource) {
        let peer = source.channel.remoteAddress?.ipAddress.flatMap { IPAddress($0) }
        self.init(logger: source.logger, peer: peer)
    }

    init(logger: Logger, peer: IPAddress?) {
        self.peer = peer
        correlation = Correlation(request: "", trace: .root())
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
