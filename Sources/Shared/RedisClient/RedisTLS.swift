import NIOCore
import NIOSSL

/// TLS 1.2 or later towards the server. Its certificate and its name (or IP address) are always verified.
public struct RedisTLS: Sendable {
    /// A PEM file of the certificate authorities to trust; nil for the system's.
    public var caFile: String?

    /// Makes TLS settings.
    public init(caFile: String? = nil) {
        self.caFile = caFile
    }

    /// Reads the authorities.
    ///
    /// - Throws: an error of NIOSSL where the file is missing or holds no certificate.
    func makeContext() throws -> NIOSSLContext {
        try NIOSSLContext(configuration: try makeConfiguration())
    }

    func makeConfiguration() throws -> TLSConfiguration {
        var configuration = TLSConfiguration.makeClientConfiguration()
        configuration.minimumTLSVersion = .tlsv12
        if let caFile {
            configuration.trustRoots = .certificates(try NIOSSLCertificate.fromPEMFile(caFile))
        }
        return configuration
    }

    /// The name to verify; nil for an IP address, which NIOSSL compares with the peer's own address.
    static func serverName(forHost host: String) -> String? {
        (try? SocketAddress(ipAddress: host, port: 0)) == nil ? host : nil
    }
}
