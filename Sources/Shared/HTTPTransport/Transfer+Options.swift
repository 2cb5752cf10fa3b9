import CCurl
import WorkerThread

extension Transfer {
    /// Tells libcurl what to send, to whom and within which limits.
    func configure(
        _ configuration: HTTPTransportConfiguration,
        pinned: PinnedCertificate?,
        timeLeft: Duration
    ) throws(HTTPTransportError) {
        try attachCallbacks()
        try setDestination()
        try setTrust(caFile: configuration.caFile)
        if let pinned { try trust(pinned) }
        try setLimits(configuration, timeLeft: timeLeft)
        try setMethodAndBody()
        try setHeaders()
    }

    private func setDestination() throws(HTTPTransportError) {
        try set(CURLOPT_URL, submission.request.url)
        try set(CURLOPT_PROTOCOLS_STR, "http,https")
        try set(CURLOPT_FOLLOWLOCATION, 0)
        try set(CURLOPT_HTTP_VERSION, Int(CURL_HTTP_VERSION_1_1))
        // An empty proxy turns off those of the environment too.
        try set(CURLOPT_PROXY, "")
        try set(CURLOPT_NOSIGNAL, 1)
        // Otherwise a transfer that ends while its name is being resolved blocks the thread, and with it all transfers,
        // until the system's resolver gives up. The resolver's thread then cleans up after itself.
        try set(CURLOPT_QUICK_EXIT, 1)
    }

    private func setTrust(caFile: String?) throws(HTTPTransportError) {
        try set(CURLOPT_SSLVERSION, Int(CURL_SSLVERSION_TLSv1_2))
        try set(CURLOPT_SSL_VERIFYPEER, 1)
        try set(CURLOPT_SSL_VERIFYHOST, 2)
        guard let caFile else { return }
        try set(CURLOPT_CAINFO, caFile)
        try check(ccurl_set_string(easy, CURLOPT_CAPATH, nil))
    }

    private func setLimits(
        _ configuration: HTTPTransportConfiguration,
        timeLeft: Duration
    ) throws(HTTPTransportError) {
        try set(CURLOPT_TIMEOUT_MS, timeLeft.wholeMilliseconds)
        try set(CURLOPT_CONNECTTIMEOUT_MS, max(1, configuration.connectTimeout.wholeMilliseconds))
        try set(CURLOPT_MAXAGE_CONN, Int(configuration.maximumIdleTime.components.seconds))
        // Ends the transfer at the headers if they announce too much; what is not announced is counted on arrival.
        try check(
            ccurl_set_offset(easy, CURLOPT_MAXFILESIZE_LARGE, curl_off_t(submission.request.maximumResponseBytes))
        )
    }

    private func setMethodAndBody() throws(HTTPTransportError) {
        switch (submission.request.method, submission.request.body) {
        case (.get, _): try set(CURLOPT_HTTPGET, 1)
        case (.post, .none): try setBody([])
        case (.post, .bytes(let bytes)): try setBody(bytes)
        case (.post, .multipart(let parts)): try setForm(parts)
        }
    }

    /// libcurl makes a request with a body, or with a form, a `POST`.
    private func setBody(_ bytes: [UInt8]) throws(HTTPTransportError) {
        try check(ccurl_set_offset(easy, CURLOPT_POSTFIELDSIZE_LARGE, curl_off_t(bytes.count)))
        try check(bytes.withCharacters { ccurl_set_string(easy, CURLOPT_COPYPOSTFIELDS, $0) })
    }

    /// In libcurl's header lines `Name:` removes a header that it would add, and `Name;` sends one without a value.
    private func setHeaders() throws(HTTPTransportError) {
        let headers = submission.request.headers
        try appendHeader("Expect:")
        if case .multipart = submission.request.body {
        } else if headers["Content-Type"] == nil {
            try appendHeader("Content-Type:")
        }
        for field in headers.fields {
            try appendHeader(field.value.isEmpty ? "\(field.name);" : "\(field.name): \(field.value)")
        }
    }

    private func set(_ option: CURLoption, _ value: Int) throws(HTTPTransportError) {
        try check(ccurl_set_long(easy, option, value))
    }

    private func set(_ option: CURLoption, _ value: String) throws(HTTPTransportError) {
        try check(ccurl_set_string(easy, option, value))
    }
}
