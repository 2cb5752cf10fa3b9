/// One HTTP request, with the limits within which it has to be answered.
public struct HTTPTransportRequest: Hashable, Sendable {
    /// The request methods in use.
    public enum Method: String, Hashable, Sendable, CaseIterable {
        case get = "GET"
        case post = "POST"

        /// Whether doing it twice is the same as doing it once (RFC 9110 section 9.2.2).
        public var isIdempotent: Bool {
            switch self {
            case .get: true
            case .post: false
            }
        }
    }

    /// What is sent after the headers.
    public enum Body: Hashable, Sendable {
        /// Nothing.
        case none
        /// These bytes. The content type is the request's own `Content-Type` header, if any.
        case bytes([UInt8])
        /// A `multipart/form-data` form (RFC 7578).
        case multipart([FormPart])
    }

    /// A part of a multipart form.
    public struct FormPart: Hashable, Sendable {
        /// The name of the form field.
        public var name: String
        /// The file name, for a part that is a file.
        public var fileName: String?
        /// The content type of this part.
        public var contentType: String?
        /// The content.
        public var content: [UInt8]

        /// A part of this name and content.
        public init(name: String, fileName: String? = nil, contentType: String? = nil, content: [UInt8]) {
            self.name = name
            self.fileName = fileName
            self.contentType = contentType
            self.content = content
        }
    }

    /// The method.
    public var method: Method
    /// An absolute `http` or `https` URL, percent-encoded, without user or password.
    public var url: String
    /// The headers, in addition to those that belong to the transport (`Host`, `Content-Length`, a form's type).
    public var headers: HTTPTransportHeaders
    /// The body.
    public var body: Body
    /// How long everything may take, counted from `send`: waiting for a connection, connecting, the whole answer.
    public var deadline: Duration
    /// How long the response body may be; a longer one fails the request as soon as that is known.
    public var maximumResponseBytes: Int

    /// A request; see the properties.
    public init(
        method: Method = .get,
        url: String,
        headers: HTTPTransportHeaders = [:],
        body: Body = .none,
        deadline: Duration = .seconds(30),
        maximumResponseBytes: Int = 16 << 20
    ) {
        self.method = method
        self.url = url
        self.headers = headers
        self.body = body
        self.deadline = deadline
        self.maximumResponseBytes = maximumResponseBytes
    }
}
