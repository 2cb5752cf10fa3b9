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

    @Test("a field with a secret does not show it", arguments: ["Authorization", "authorization", "Cookie"])
    func secrets(name: String) {
        let headers: HTTPTransportHeaders = [name: "Bearer t0ken", "Accept": "text/plain"]
        var texts = ["\(headers)", String(reflecting: headers), ""]
        dump(headers, to: &texts[2])
        for text in texts {
            #expect(text.contains(name) && text.contains("text/plain"))
            #expect(!text.contains("t0ken"))
        }
    }
}
