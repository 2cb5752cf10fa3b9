import CCurl

extension HTTPTransportError {
    static func invalidRequest(_ message: String) -> HTTPTransportError {
        HTTPTransportError(code: .invalidRequest, message: message, mayHaveReachedServer: false)
    }

    static func timedOut(_ message: String) -> HTTPTransportError {
        HTTPTransportError(code: .timedOut, message: message, mayHaveReachedServer: false)
    }

    static let outOfMemory = HTTPTransportError(
        code: .other,
        message: "out of memory",
        mayHaveReachedServer: false
    )

    /// The error that a finished transfer's result code stands for.
    init(result: CURLcode, detail: String, mayHaveReachedServer: Bool) {
        let message = detail.isEmpty ? String(cString: curl_easy_strerror(result)) : detail
        self.init(code: Code(result), message: message, mayHaveReachedServer: mayHaveReachedServer)
    }
}

extension HTTPTransportError.Code {
    init(_ result: CURLcode) {
        self =
            switch result {
            case CURLE_COULDNT_RESOLVE_HOST, CURLE_COULDNT_CONNECT: .unreachable
            case CURLE_OPERATION_TIMEDOUT: .timedOut
            case CURLE_SSL_CONNECT_ERROR, CURLE_PEER_FAILED_VERIFICATION, CURLE_SSL_CACERT_BADFILE,
                CURLE_SSL_CIPHER, CURLE_SSL_CERTPROBLEM, CURLE_SSL_ISSUER_ERROR, CURLE_SSL_INVALIDCERTSTATUS:
                .tls
            case CURLE_FILESIZE_EXCEEDED: .tooLarge
            case CURLE_URL_MALFORMAT, CURLE_UNSUPPORTED_PROTOCOL, CURLE_LOGIN_DENIED: .invalidRequest
            default: .other
            }
    }
}
