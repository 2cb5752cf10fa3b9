import Foundation
import RedisClient
import TestCertificates
import Testing

@Suite("Redis client over TLS", .timeLimit(.minutes(1)))
struct RedisClientTLSTests {
    private func withTLSServer(
        _ validity: TestCertificates.Validity = .now,
        _ body: (_ port: Int, _ own: TestCertificates, _ foreign: TestCertificates) async throws -> Void
    ) async throws {
        let folder = FileManager.default.temporaryDirectory.appendingPathComponent("tls-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        let own = try await TestCertificates(in: folder, validity: validity)
        let foreign = try await TestCertificates(in: folder, name: "foreign")
        try await RedisServerProcess.withServer(isTLS: true, options: options(own)) { server in
            try await body(server.port, own, foreign)
        }
    }

    /// What a server needs to present a certificate.
    private func options(_ certificates: TestCertificates) -> [String] {
        [
            "--tls-cert-file", certificates.certificateFile, "--tls-key-file", certificates.keyFile,
            "--tls-ca-cert-file", certificates.caFile, "--tls-auth-clients", "no",
        ]
    }

    /// Why a ping fails; nil where it succeeds.
    private func refusal(host: String, port: Int, tls: RedisTLS?) async throws -> RedisError? {
        let configuration = RedisConfiguration(host: host, port: port, tls: tls, connectionWait: .milliseconds(500))
        return try await RedisTesting.withClient(configuration) { (client) -> RedisError? in
            do throws(RedisError) {
                try await client.execute(["PING"])
                return nil
            } catch {
                return error
            }
        }
    }

    @Test("a server of the trusted authority and of the right name is talked to")
    func trusted() async throws {
        try await withTLSServer { port, own, _ in
            try await RedisTesting.eventually("it is refused") {
                try await refusal(host: "localhost", port: port, tls: RedisTLS(caFile: own.caFile)) == nil
            }
        }
    }

    @Test("a server of an unknown authority or of another name is refused, and the error says why")
    func untrusted() async throws {
        try await withTLSServer { port, own, foreign in
            let cases = [
                ("localhost", RedisTLS(caFile: foreign.caFile), "CERTIFICATE_VERIFY_FAILED"),
                ("localhost", RedisTLS(), "CERTIFICATE_VERIFY_FAILED"),
                ("127.0.0.1", RedisTLS(caFile: own.caFile), "ostname"),
            ]
            for (host, tls, reason) in cases {
                try await RedisTesting.eventually("\(host) is not refused with \(reason)") {
                    let error = try #require(try await refusal(host: host, port: port, tls: tls))
                    #expect(error.code == .unavailable)
                    return error.message.contains(reason)
                }
            }
            #expect(try await refusal(host: "localhost", port: port, tls: nil)?.code == .unavailable)
        }
    }

    @Test("a server whose certificate is over is refused")
    func expired() async throws {
        try await withTLSServer(.over) { port, own, _ in
            try await RedisTesting.eventually("it is not refused for that") {
                let tls = RedisTLS(caFile: own.caFile)
                let error = try #require(try await refusal(host: "localhost", port: port, tls: tls))
                return error.message.contains("CERTIFICATE_VERIFY_FAILED")
            }
        }
    }

    @Test("an authority file that is not there ends run with an error")
    func missingFile() async throws {
        let configuration = RedisConfiguration(host: "localhost", tls: RedisTLS(caFile: "/nonexistent/ca.pem"))
        await #expect(throws: (any Error).self) {
            try await RedisTesting.withClient(configuration) { client in
                _ = await RedisTesting.code { try await client.execute(["PING"], timeout: .milliseconds(10)) }
            }
        }
    }
}
