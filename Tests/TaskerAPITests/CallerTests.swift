import Crypto
import Foundation
import HTTPTypes
import Testing

@testable import TaskerAPI

@Suite("Callers")
struct CallerTests {
    @Test("replicas with the same service token agree on a caller's id")
    func agreement() {
        let token = BearerToken("t")
        let id = CallerHasher(serviceToken: "s").id(of: token)
        #expect(id == CallerHasher(serviceToken: "s").id(of: token))
        #expect(id != CallerHasher(serviceToken: "other").id(of: token))
        #expect(id != CallerHasher(serviceToken: "s").id(of: BearerToken("u")))
        #expect(id.description.count == 12)
    }

    @Test("an id is not the token's plain hash, which ScanLedger stores")
    func notThePlainHash() {
        let plain = SHA256.hash(data: Data("t".utf8)).map { String(format: "%02x", $0) }.joined()
        #expect(!plain.hasPrefix(CallerHasher(serviceToken: "s").id(of: BearerToken("t")).description))
    }

    @Test("a token shows itself to nobody")
    func silence() {
        let token = BearerToken("secret-token")
        var dumped = ""
        dump(token, to: &dumped)
        #expect(!"\(token) \(String(reflecting: token)) \(dumped)".contains("secret-token"))
    }

    @Test(
        "only a well-formed bearer token is one",
        arguments: [
            (["Bearer abc"], "abc"), (["bearer abc="], "abc="), (["BEARER a.b-c_d"], "a.b-c_d"), ([], nil),
            (["Bearer"], nil),
            (["Bearer "], nil), (["Basic abc"], nil), (["Bearer a b"], nil), (["Bearer é"], nil),
            (["Bearer a", "Bearer a"], nil),
            (["Bearer " + String(repeating: "x", count: 4_097)], nil),
        ] as [([String], String?)]
    )
    func parsing(values: [String], secret: String?) {
        var headers = HTTPFields()
        for value in values { headers.append(HTTPField(name: .authorization, value: value)) }
        #expect(BearerToken(headers)?.secret == secret)
    }

    @Test(
        "a sane request id is taken over, another is replaced",
        arguments: [
            ("abc-123_X.y:z", true), ("", false), ("a b", false), ("a\"b", false), ("ä", false),
            (String(repeating: "a", count: 128), true), (String(repeating: "a", count: 129), false),
        ]
    )
    func requestID(text: String, isKept: Bool) {
        let id = RequestID([.requestID: text]).description
        #expect((id == text) == isKept)
        #expect(isKept || UUID(uuidString: id) != nil)
    }
}
