import AddressSpace
import Hummingbird
import Logging
import NIOCore
import Synchronization

/// What belongs to one request.
struct APIContext: RequestContext {
    var coreContext: CoreRequestContextStorage
    /// When it came in.
    let start = ContinuousClock.now
    /// What is found out about the request on its way.
    let record = RequestRecord()
    /// The other end of the connection.
    let peer: IPAddress?

    init(source: ApplicationRequestContextSource) {
        let peer = source.channel.remoteAddress?.ipAddress.flatMap { IPAddress($0) }
        self.init(logger: source.logger, peer: peer)
    }

    init(logger: Logger, peer: IPAddress?) {
        self.peer = peer
        coreContext = CoreRequestContextStorage(source: LoggerSource(logger: logger))
    }

    private struct LoggerSource: RequestContextSource {
        let logger: Logger
    }
}

/// What is known of who sent a request. Shared by the context's copies.
final class RequestRecord: Sendable {
    private let storage = Mutex<(caller: CallerID?, client: IPAddress?)>((nil, nil))

    /// Who asks, once that is known.
    var caller: CallerID? {
        get { storage.withLock { $0.caller } }
        set { storage.withLock { $0.caller = newValue } }
    }

    /// The address that the request comes from.
    var client: IPAddress? {
        get { storage.withLock { $0.client } }
        set { storage.withLock { $0.client = newValue } }
    }
}
