import Foundation
import HTTPTransport
import Logging
import TestCertificates
import Testing

@Suite("TLS of the HTTP transport", .timeLimit(.minutes(1)))
struct TLSTests {
    @Test("a server whose certificate our own authority signed is trusted")
    func ownAuthority() async throws {
        try await withTLSServer { server in
            let configuration = HTTPTransportConfiguration(caFile: server.certificates.caFile)
            let response = try await withTransport(configuration) { transport in
                try await transport.send(HTTPTransportRequest(url: "https://127.0.0.1:\(server.port)/"))
            }
            #expect(response.status == 200)
        }
    }

    @Test("an unknown authority is refused before anything is sent")
    func unknownAuthority() async throws {
        try await withTLSServer { server in
            try await withTransport { transport in
                let error = await failure(
                    of: transport,
                    HTTPTransportRequest(url: "https://127.0.0.1:\(server.port)/")
                )
                #expect(error?.code == .tls)
                #expect(error?.mayHaveReachedServer == false)
            }
        }
    }

    @Test("a certificate for another host is refused before anything is sent")
    func otherHost() async throws {
        try await withTLSServer { server in
            try await withTransport(HTTPTransportConfiguration(caFile: server.certificates.caFile)) { transport in
                let error = await failure(
                    of: transport,
                    HTTPTransportRequest(url: "https://localhost:\(server.port)/")
                )
                #expect(error?.code == .tls)
                #expect(error?.mayHaveReachedServer == false)
            }
        }
    }

    @Test("a certificate that is over is refused before anything is sent", arguments: [false, true])
    func expired(isPinned: Bool) async throws {
        try await withTLSServer(validity: .over) { server in
            let configuration = HTTPTransportConfiguration(
                caFile: server.certificates.caFile,
                pinnedCertificateFile: isPinned ? server.certificates.certificateFile : nil
            )
            try await withTransport(configuration) { transport in
                let error = await failure(
                    of: transport,
                    HTTPTransportRequest(url: "https://127.0.0.1:\(server.port)/")
                )
                #expect(error?.code == .tls)
                #expect(error?.message.contains("expired") == true)
                #expect(error?.mayHaveReachedServer == false)
            }
        }
    }

    @Test(
        "a pinned certificate is trusted whoever signed it, and whatever name it has",
        arguments: ["127.0.0.1", "localhost"]
    )
    func pinned(host: String) async throws {
        try await withTLSServer { server in
            let configuration = HTTPTransportConfiguration(pinnedCertificateFile: server.certificates.certificateFile)
            let response = try await withTransport(configuration) { transport in
                try await transport.send(HTTPTransportRequest(url: "https://\(host):\(server.port)/"))
            }
            #expect(response.status == 200)
        }
    }

    @Test("beside a pin, authority and name of every other certificate are verified as always")
    func besideThePin() async throws {
        try await withTLSServer { pinned in
            try await withTLSServer { (server) async throws in
                func refusal(of host: String, caFile: String?) async throws -> HTTPTransportError? {
                    let configuration = HTTPTransportConfiguration(
                        caFile: caFile,
                        pinnedCertificateFile: pinned.certificates.certificateFile
                    )
                    return try await withTransport(configuration) { (transport) async throws in
                        await failure(of: transport, HTTPTransportRequest(url: "https://\(host):\(server.port)/"))
                    }
                }
                let caFile = server.certificates.caFile
                #expect(try await refusal(of: "127.0.0.1", caFile: caFile) == nil)
                #expect(try await refusal(of: "127.0.0.1", caFile: nil)?.code == .tls)
                #expect(try await refusal(of: "localhost", caFile: caFile)?.code == .tls)
            }
        }
    }

    @Test("a file without a certificate cannot be pinned, and the error names it")
    func pinWithoutCertificate() throws {
        let configuration = HTTPTransportConfiguration(pinnedCertificateFile: "/dev/null")
        let error = #expect(throws: HTTPTransportError.self) {
            let transport = try HTTPTransport(configuration: configuration, logger: Logger(label: "test"))
            withExtendedLifetime(transport) {}
        }
        #expect(error?.message.contains("/dev/null") == true)
    }

    @Test("a server that speaks no more than TLS 1.1 is refused before anything is sent")
    func oldVersion() async throws {
        try await withTLSServer(["-tls1_1", "-cipher", "DEFAULT@SECLEVEL=0"]) { server in
            try await withTransport(HTTPTransportConfiguration(caFile: server.certificates.caFile)) { transport in
                let error = await failure(
                    of: transport,
                    HTTPTransportRequest(url: "https://127.0.0.1:\(server.port)/")
                )
                #expect(error?.code == .tls)
                #expect(error?.mayHaveReachedServer == false)
            }
        }
    }

    @Test("a missing CA file is a TLS error that names it")
    func missingCAFile() async throws {
        try await withTLSServer { server in
            try await withTransport(HTTPTransportConfiguration(caFile: "/nonexistent/ca.pem")) { transport in
                let error = await failure(
                    of: transport,
                    HTTPTransportRequest(url: "https://127.0.0.1:\(server.port)/")
                )
                #expect(error?.code == .tls)
                #expect(error?.message.contains("/nonexistent/ca.pem") == true)
            }
        }
    }
}
