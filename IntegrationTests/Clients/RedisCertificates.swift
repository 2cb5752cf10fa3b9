import Foundation
import Testing

/// A certificate authority of a test's own, and a certificate of it for `localhost`, made by `openssl`.
struct RedisCertificates {
    let caFile: String
    let certificateFile: String
    let keyFile: String

    /// What a server needs to present the certificate.
    var serverOptions: [String] {
        [
            "--tls-cert-file", certificateFile, "--tls-key-file", keyFile, "--tls-ca-cert-file", caFile,
            "--tls-auth-clients", "no",
        ]
    }

    /// Makes them in a folder that exists.
    init(in folder: URL, name: String) async throws {
        func path(_ suffix: String) -> String { folder.appendingPathComponent("\(name)-\(suffix)").path }
        caFile = path("ca.pem")
        certificateFile = path("server.pem")
        keyFile = path("server.key")
        let curve = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes"]
        try await Self.openssl(
            ["req", "-x509", "-days", "2", "-subj", "/CN=\(name) CA", "-keyout", path("ca.key"), "-out", caFile] + curve
        )
        try await Self.openssl(
            ["req", "-subj", "/CN=\(name)", "-keyout", keyFile, "-out", path("server.csr")] + curve
        )
        try Data("subjectAltName=DNS:localhost\n".utf8).write(to: URL(fileURLWithPath: path("names")))
        try await Self.openssl([
            "x509", "-req", "-days", "2", "-in", path("server.csr"), "-CA", caFile, "-CAkey", path("ca.key"),
            "-CAcreateserial", "-extfile", path("names"), "-out", certificateFile,
        ])
    }

    private static func openssl(_ arguments: [String]) async throws {
        let status = try await ChildProcess("openssl", arguments).status()
        try #require(status == 0, "openssl failed: apt-get install openssl")
    }
}
