import Hummingbird
import HummingbirdCore
import NIOCore

/// What a connection may take of a replica: so much of everything, and for so long.
struct ConnectionLimits: Hashable, Sendable {
    /// How long the first request's head may take from the beginning of the connection; later ones have ``idleTime``.
    var headTime = TimeAmount.seconds(10)
    /// How long a request's body may take from the end of its head.
    var bodyTime = TimeAmount.seconds(60)
    /// How long nothing may happen between requests. Longer than balancers keep connections that they do not use.
    var idleTime = TimeAmount.seconds(75)
    /// How long a caller may take nothing of what is written to it.
    var readTime = TimeAmount.seconds(60)
    /// Bytes of one header field, and of the request's target.
    var headerFieldBytes = 16 << 10
    /// Bytes of all header fields.
    var headerBytes = 32 << 10
    /// How many header fields.
    var headerFields = 100

    var decoder: HTTP1Channel.Configuration.DecoderConfiguration {
        .init(
            maxHeaderFieldSize: headerFieldBytes,
            maxHeaderListSize: headerBytes,
            maxHeaderFieldCount: headerFields
        )
    }
}
