import NIOSSL
import Testing

@testable import RedisClient

@Suite("TLS towards Redis")
struct RedisTLSTests {
    @Test("nothing older than TLS 1.2 is spoken")
    func minimumVersion() throws {
        #expect(try RedisTLS().makeConfiguration().minimumTLSVersion == .tlsv12)
    }
}
