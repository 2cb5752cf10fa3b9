import CCurl

/// One request inside libcurl: the owner of an easy handle and of all that the handle points to.
///
/// Used on the transport's thread alone. libcurl's callbacks get an unretained reference: whoever adds the transfer to
/// a multi handle keeps it until it is removed.
final class Transfer {
    /// Why a callback ended the transfer.
    private enum Refusal {
        case tooLarge
        case resending

        var code: HTTPTransportError.Code {
            switch self {
            case .tooLarge: .tooLarge
            case .resending: .other
            }
        }

        var message: String {
            switch self {
            case .tooLarge: "the response is larger than allowed"
            case .resending: "the connection was lost before an answer came"
            }
        }
    }

    let submission: Submission
    let easy: UnsafeMutableRawPointer

    private let errorText: UnsafeMutablePointer<CChar>
    private var headerList: UnsafeMutablePointer<curl_slist>?
    private var form: OpaquePointer?
    private var pin: TransferPin?

    private var body: [UInt8] = []
    private var headerBytes = 0
    private var wasBegun = false
    private var refusal: Refusal?

    private static let maximumHeaderBytes = 64 << 10

    init(_ submission: Submission) throws(HTTPTransportError) {
        guard let easy = curl_easy_init() else { throw .outOfMemory }
        self.submission = submission
        self.easy = easy
        errorText = .allocate(capacity: Int(CURL_ERROR_SIZE))
        errorText.initialize(repeating: 0, count: Int(CURL_ERROR_SIZE))
    }

    deinit {
        curl_easy_cleanup(easy)
        curl_slist_free_all(headerList)
        curl_mime_free(form)
        errorText.deallocate()
    }

    /// The transfer that an easy handle belongs to.
    static func of(easy: UnsafeMutableRawPointer?) -> Transfer? {
        var context: UnsafeMutableRawPointer?
        guard ccurl_get_private(easy, &context) == CURLE_OK, let context else { return nil }
        return Unmanaged<Transfer>.fromOpaque(context).takeUnretainedValue()
    }

    /// Hands the handle the pointers through which it reports, so that `self` must outlive its use.
    func attachCallbacks() throws(HTTPTransportError) {
        let context = Unmanaged.passUnretained(self).toOpaque()
        try check(ccurl_set_pointer(easy, CURLOPT_PRIVATE, context))
        try check(ccurl_set_pointer(easy, CURLOPT_ERRORBUFFER, errorText))
        try check(ccurl_set_receiver(easy, CURLOPT_WRITEFUNCTION, receiveBody))
        try check(ccurl_set_pointer(easy, CURLOPT_WRITEDATA, context))
        try check(ccurl_set_receiver(easy, CURLOPT_HEADERFUNCTION, receiveHeader))
        try check(ccurl_set_pointer(easy, CURLOPT_HEADERDATA, context))
        try check(ccurl_set_prerequest(easy, prepareToSend))
        try check(ccurl_set_pointer(easy, CURLOPT_PREREQDATA, context))
    }

    /// Trusts a peer that presents this certificate.
    func trust(_ pinned: PinnedCertificate) throws(HTTPTransportError) {
        let pin = TransferPin(pinned, origin: submission.origin)
        self.pin = pin
        try check(ccurl_set_pin(easy, pin.pin))
    }

    /// Adds a line to the headers that are sent.
    func appendHeader(_ line: String) throws(HTTPTransportError) {
        guard let list = curl_slist_append(headerList, line) else { throw .outOfMemory }
        headerList = list
        try check(ccurl_set_pointer(easy, CURLOPT_HTTPHEADER, list))
    }

    /// Makes the body a multipart form; libcurl copies the parts.
    func setForm(_ parts: [HTTPTransportRequest.FormPart]) throws(HTTPTransportError) {
        guard let form = curl_mime_init(easy) else { throw .outOfMemory }
        self.form = form
        for part in parts {
            guard let handle = curl_mime_addpart(form) else { throw .outOfMemory }
            try check(curl_mime_name(handle, part.name))
            try check(curl_mime_filename(handle, part.fileName))
            try check(curl_mime_type(handle, part.contentType))
            try check(part.content.withCharacters { curl_mime_data(handle, $0, part.content.count) })
        }
        try check(ccurl_set_pointer(easy, CURLOPT_MIMEPOST, UnsafeMutableRawPointer(form)))
    }

    /// Takes the result of the transfer to the submission.
    func finish(with result: CURLcode) {
        guard result != CURLE_OK else {
            submission.complete(with: response())
            return
        }
        submission.fail { mayHaveReachedServer in
            guard let refusal else {
                return HTTPTransportError(
                    result: result,
                    detail: String(cString: errorText),
                    mayHaveReachedServer: mayHaveReachedServer
                )
            }
            return HTTPTransportError(
                code: refusal.code,
                message: refusal.message,
                mayHaveReachedServer: mayHaveReachedServer
            )
        }
    }

    private func response() -> HTTPTransportResponse {
        var status = 0
        _ = ccurl_get_long(easy, CURLINFO_RESPONSE_CODE, &status)
        var headers = HTTPTransportHeaders()
        var previous: UnsafeMutablePointer<curl_header>?
        while let header = curl_easy_nextheader(easy, UInt32(CURLH_HEADER), -1, previous) {
            headers.append(
                name: String(cString: header.pointee.name),
                value: String(cString: header.pointee.value)
            )
            previous = header
        }
        return HTTPTransportResponse(status: status, headers: headers, body: body)
    }

    fileprivate func receive(body bytes: UnsafeRawBufferPointer) -> Bool {
        guard bytes.count <= submission.request.maximumResponseBytes - body.count else {
            refusal = .tooLarge
            return false
        }
        body.append(contentsOf: bytes)
        return true
    }

    fileprivate func receive(headerBytes count: Int) -> Bool {
        headerBytes += count
        guard headerBytes <= Self.maximumHeaderBytes else {
            refusal = .tooLarge
            return false
        }
        return true
    }

    /// libcurl sends a request again by itself if a kept connection turns out to be closed before any answer. The
    /// server may have acted on the first one, so this is refused unless the method is idempotent (RFC 9110 section
    /// 9.2.2).
    fileprivate func mayBeSent() -> Bool {
        guard !wasBegun || submission.request.method.isIdempotent else {
            refusal = .resending
            return false
        }
        wasBegun = true
        return submission.beginSending()
    }
}

private let receiveBody: curl_write_callback = { bytes, size, count, context in
    guard let bytes, let context else { return 0 }
    let transfer = Unmanaged<Transfer>.fromOpaque(context).takeUnretainedValue()
    return transfer.receive(body: UnsafeRawBufferPointer(start: bytes, count: size * count)) ? size * count : 0
}

private let receiveHeader: curl_write_callback = { _, size, count, context in
    guard let context else { return 0 }
    let transfer = Unmanaged<Transfer>.fromOpaque(context).takeUnretainedValue()
    return transfer.receive(headerBytes: size * count) ? size * count : 0
}

private let prepareToSend: curl_prereq_callback = { context, _, _, _, _ in
    guard let context else { return CURL_PREREQFUNC_ABORT }
    let transfer = Unmanaged<Transfer>.fromOpaque(context).takeUnretainedValue()
    return transfer.mayBeSent() ? CURL_PREREQFUNC_OK : CURL_PREREQFUNC_ABORT
}

extension [UInt8] {
    /// Lends the bytes as C wants them; a valid pointer also if there are none.
    func withCharacters<Value>(_ body: (UnsafePointer<CChar>) -> Value) -> Value {
        if isEmpty {
            return "".withCString(body)
        }
        return withUnsafeBytes { body($0.baseAddress!.assumingMemoryBound(to: CChar.self)) }
    }
}

/// A setter of libcurl fails only for want of memory or for an option it was built without.
func check(_ code: CURLcode) throws(HTTPTransportError) {
    guard code == CURLE_OK else {
        throw HTTPTransportError(result: code, detail: "", mayHaveReachedServer: false)
    }
}
