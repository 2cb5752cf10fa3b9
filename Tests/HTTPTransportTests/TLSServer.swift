import Foundation
import TestCertificates

/// `openssl s_server` on 127.0.0.1, with a certificate for that address alone from an authority made for it.
struct TLSServer {
    let port: Int
    let certificates: TestCertificates
    fileprivate let process: Process
}

/// - Parameter options: further options of `openssl s_server`.
func withTLSServer(
    _ options: [String] = [],
    validity: TestCertificates.Validity = .now,
    _ body: (TLSServer) async throws -> Void
) async throws {
    let folder = FileManager.default.temporaryDirectory.appendingPathComponent(UUID().uuidString)
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    let certificates = try await TestCertificates(in: folder, subject: "IP:127.0.0.1", validity: validity)
    let server = try await onOwnThread { try start(certificates, options) }
    do {
        try await body(server)
    } catch {
        try await stop(server)
        throw error
    }
    try await stop(server)
}

private func start(_ certificates: TestCertificates, _ options: [String]) throws -> TLSServer {
    let process = Process()
    process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
    process.arguments =
        [
            "openssl", "s_server", "-accept", "127.0.0.1:0", "-www", "-cert", certificates.certificateFile, "-key",
            certificates.keyFile,
        ] + options
    process.standardInput = FileHandle.nullDevice
    process.standardError = FileHandle.nullDevice
    let output = Pipe()
    process.standardOutput = output
    try process.run()
    var text = ""
    while true {
        let data = output.fileHandleForReading.availableData
        guard !data.isEmpty else { throw TLSServerError(output: text) }
        text += String(decoding: data, as: UTF8.self)
        if let match = text.firstMatch(of: /ACCEPT 127\.0\.0\.1:([0-9]+)\n/), let port = Int(match.1) {
            return TLSServer(port: port, certificates: certificates, process: process)
        }
    }
}

private func stop(_ server: TLSServer) async throws {
    try await onOwnThread {
        kill(server.process.processIdentifier, SIGKILL)
        server.process.waitUntilExit()
    }
}

/// Does something that blocks without keeping a thread from Swift's tasks.
private func onOwnThread<Value: Sendable>(_ work: @escaping @Sendable () throws -> Value) async throws -> Value {
    try await withCheckedThrowingContinuation { continuation in
        Thread { continuation.resume(with: Result(catching: work)) }.start()
    }
}

/// What the server printed instead of its port. It needs the package `openssl`.
struct TLSServerError: Error {
    let output: String
}
