import HTTPTransport
import Testing

@Suite("HTTP headers")
struct HTTPTransportHeadersTests {
    @Test("setting a value replaces every field of that name, however it is written")
    func setting() {
        var headers: HTTPTransportHeaders = ["a": "1", "B": "2", "A": "3"]
        #expect(headers["A"] == "1")
        headers["A"] = "4"
        #expect(headers.fields.map(\.value) == ["2", "4"])
        headers["b"] = nil
        #expect(headers == ["A": "4"])
    }
}
