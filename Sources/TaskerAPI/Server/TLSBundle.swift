import NIOSSL

/// The server's certificate chain and private key, in one PEM file.
enum TLSBundle {
    /// Why a bundle cannot be used.
    struct Failure: Error, CustomStringConvertible {
        let description: String
    }

    /// Reads a bundle. The order of its parts does not matter, except that the server's own certificate is the first.
    static func configuration(path: String) throws(Failure) -> TLSConfiguration {
        guard let chain = try? NIOSSLCertificate.fromPEMFile(path), !chain.isEmpty else {
            throw Failure(description: "tls_bundle: there is no certificate in \(path)")
        }
        guard let key = try? NIOSSLPrivateKey(file: path, format: .pem) else {
            throw Failure(description: "tls_bundle: there is no private key, or one with a password, in \(path)")
        }
        var configuration = TLSConfiguration.makeServerConfiguration(
            certificateChain: chain.map { .certificate($0) },
            privateKey: .privateKey(key)
        )
        configuration.minimumTLSVersion = .tlsv12
        configuration.applicationProtocols = ["http/1.1"]
        guard (try? NIOSSLContext(configuration: configuration)) != nil else {
            throw Failure(description: "tls_bundle: the private key does not belong to the certificate in \(path)")
        }
        return configuration
    }
}
