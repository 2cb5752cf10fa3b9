import CCurl

/// What connections are kept apart by (RFC 6454): scheme, host and port.
struct Origin: Hashable, Sendable, CustomStringConvertible {
    let scheme: String
    let host: String
    let port: String

    var description: String { "\(scheme)://\(host):\(port)" }

    /// The origin of a URL as libcurl reads it, so that what is checked is what is sent.
    init(url: String) throws(HTTPTransportError) {
        guard !url.utf8.contains(where: { $0 <= 0x20 || $0 >= 0x7f }) else {
            throw .invalidRequest("the URL holds a character that must be percent-encoded")
        }
        guard let handle = curl_url() else { throw .outOfMemory }
        defer { curl_url_cleanup(handle) }
        let code = curl_url_set(handle, CURLUPART_URL, url, UInt32(CURLU_DISALLOW_USER))
        guard code == CURLUE_OK else {
            throw .invalidRequest("the URL is not valid: \(String(cString: curl_url_strerror(code)))")
        }
        scheme = try Self.part(CURLUPART_SCHEME, of: handle)
        host = try Self.part(CURLUPART_HOST, of: handle)
        port = try Self.part(CURLUPART_PORT, of: handle)
        guard scheme == "http" || scheme == "https" else {
            throw .invalidRequest("the URL's scheme is not http or https")
        }
    }

    private static func part(_ part: CURLUPart, of handle: OpaquePointer) throws(HTTPTransportError) -> String {
        var text: UnsafeMutablePointer<CChar>?
        let code = curl_url_get(handle, part, &text, UInt32(CURLU_DEFAULT_PORT))
        guard code == CURLUE_OK, let text else {
            throw .invalidRequest("the URL is not valid: \(String(cString: curl_url_strerror(code)))")
        }
        defer { curl_free(text) }
        return String(cString: text).lowercased()
    }
}
