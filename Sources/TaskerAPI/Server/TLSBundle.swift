import NIOSSL

/// The server's certificate chain and private key, in one PEM file.
enum TLSBundle {
    /// Reads a bundle.
    ///
    /// - Throws: an error of NIOSSL where the file is missing, or lacks the chain or the key.
    static func configuration(path: String) throws -> TLSConfiguration {
        let chain = try NIOSSLCertificate.fromPEMFile(path)
        let key = try NIOSSLPrivateKey(file: path, format: .pem)
        var configuration = TLSConfiguration.makeServerConfiguration(
            certificateChain: chain.map { .certificate($0) },
            privateKey: .privateKey(key)
        )
        configuration.minimumTLSVersion = .tlsv12
        configuration.applicationProtocols = ["http/1.1"]
        return configuration
    }
}
