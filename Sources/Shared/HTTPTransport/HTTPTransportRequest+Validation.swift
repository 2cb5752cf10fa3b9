extension HTTPTransportRequest {
    /// Refuses what would let one field's text become another header or part: line breaks and other control characters.
    func validate() throws(HTTPTransportError) {
        if method == .get, body != .none {
            throw .invalidRequest("a \(method.rawValue) request carries no body")
        }
        for field in headers.fields {
            guard field.name.isToken else {
                throw .invalidRequest("a header name is not a token")
            }
            guard field.value.isFieldText else {
                throw .invalidRequest("the value of header \(field.name) holds a control character")
            }
        }
        guard case .multipart(let parts) = body else { return }
        for part in parts {
            guard part.name.isFieldText, part.fileName?.isFieldText != false, part.contentType?.isFieldText != false
            else {
                throw .invalidRequest("a form part's name, file name or type holds a control character")
            }
        }
    }
}

extension String {
    /// RFC 9110 section 5.6.2.
    fileprivate var isToken: Bool {
        !isEmpty
            && utf8.allSatisfy { byte in
                switch byte {
                case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "a")...UInt8(ascii: "z"),
                    UInt8(ascii: "A")...UInt8(ascii: "Z"):
                    true
                default: "!#$%&'*+-.^_`|~".utf8.contains(byte)
                }
            }
    }

    /// No control character but the tab (RFC 9110 section 5.5).
    fileprivate var isFieldText: Bool {
        utf8.allSatisfy { $0 == UInt8(ascii: "\t") || ($0 >= 0x20 && $0 != 0x7f) }
    }
}
