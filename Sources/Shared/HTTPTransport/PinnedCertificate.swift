import CCurl
import Glibc

/// The one certificate that is trusted without an authority's word. Only read once it is made, so threads may share it.
final class PinnedCertificate: @unchecked Sendable {
    let certificate: OpaquePointer

    /// Reads the first certificate of a PEM file.
    init(file: String) throws(HTTPTransportError) {
        guard let certificate = ccurl_read_certificate(file) else {
            throw HTTPTransportError(
                code: .tls,
                message: "there is no certificate in \(file)",
                mayHaveReachedServer: false
            )
        }
        self.certificate = certificate
    }

    deinit {
        X509_free(certificate)
    }
}

/// The pin as libcurl gets it for one transfer, which keeps it.
final class TransferPin {
    let pin: UnsafeMutablePointer<ccurl_pin>
    private let host: UnsafeMutablePointer<CChar>

    init(_ trusted: PinnedCertificate, origin: Origin) {
        let bare = origin.host.hasPrefix("[") ? String(origin.host.dropFirst().dropLast()) : origin.host
        host = strdup(bare)
        pin = .allocate(capacity: 1)
        pin.initialize(to: ccurl_pin(certificate: trusted.certificate, host: host))
    }

    deinit {
        pin.deallocate()
        free(host)
    }
}
