import Foundation
import Testing

@testable import TaskerAPI

@Suite("TLS bundle")
struct TLSBundleTests {
    @Test("a bundle without a certificate is refused by name")
    func noCertificate() throws {
        let path = FileManager.default.temporaryDirectory.appending(path: "\(UUID().uuidString).pem").path
        let missing = #expect(throws: TLSBundle.Failure.self) { try TLSBundle.configuration(path: path) }
        #expect(missing?.description.contains(path) == true)
        try Data("nothing".utf8).write(to: URL(filePath: path))
        defer { try? FileManager.default.removeItem(atPath: path) }
        #expect(throws: TLSBundle.Failure.self) { try TLSBundle.configuration(path: path) }
    }
}
