import Foundation
import HTTPTransport
import Logging
import Testing

@Suite("TLS of the HTTP transport", .timeLimit(.minutes(1)))
struct TLSTests {
    @Test("a server whose certificate our own authority signed is trusted")
    func ownAuthority() async throws {
        try await withTLSServer { server in
            let configuration = HTTPTransportConfiguration(caFile: server.caFile)
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
            try await withTransport(HTTPTransportConfiguration(caFile: server.caFile)) { transport in
                let error = await failure(
                    of: transport,
                    HTTPTransportRequest(url: "https://localhost:\(server.port)/")
                )
                #expect(error?.code == .tls)
                #expect(error?.mayHaveReachedServer == false)
            }
        }
    }

    @Test("a server that speaks no more than TLS 1.1 is refused before anything is sent")
    func oldVersion() async throws {
        try await withTLSServer(["-tls1_1", "-cipher", "DEFAULT@SECLEVEL=0"]) { server in
            try await withTransport(HTTPTransportConfiguration(caFile: server.caFile)) { transport in
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
