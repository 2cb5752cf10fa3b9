import Foundation

/// `openssl s_server` on 127.0.0.1, with a certificate for that address alone from an authority made for it.
struct TLSServer {
    let port: Int
    let caFile: String
    fileprivate let process: Process
}

/// - Parameter options: further options of `openssl s_server`.
func withTLSServer(_ options: [String] = [], _ body: (TLSServer) async throws -> Void) async throws {
    let folder = FileManager.default.temporaryDirectory.appendingPathComponent(UUID().uuidString)
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    let server = try await onOwnThread { try start(in: folder, options) }
    do {
        try await body(server)
    } catch {
        try await stop(server)
        throw error
    }
    try await stop(server)
}

private func start(in folder: URL, _ options: [String]) throws -> TLSServer {
    try makeCertificates(in: folder)
    let process = openssl(
        ["s_server", "-accept", "127.0.0.1:0", "-cert", "server.pem", "-key", "server.key", "-www"] + options,
        in: folder
    )
    let output = Pipe()
    process.standardOutput = output
    try process.run()
    var text = ""
    while true {
        let data = output.fileHandleForReading.availableData
        guard !data.isEmpty else { throw TLSServerError(output: text) }
        text += String(decoding: data, as: UTF8.self)
        if let match = text.firstMatch(of: /ACCEPT 127\.0\.0\.1:([0-9]+)\n/), let port = Int(match.1) {
            return TLSServer(port: port, caFile: folder.appendingPathComponent("ca.pem").path, process: process)
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

private func makeCertificates(in folder: URL) throws {
    let newKey = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-days", "2"]
    try run(
        openssl(["req", "-x509", "-subj", "/CN=Authority", "-keyout", "ca.key", "-out", "ca.pem"] + newKey, in: folder)
    )
    try run(
        openssl(
            [
                "req", "-x509", "-CA", "ca.pem", "-CAkey", "ca.key", "-subj", "/CN=Server", "-addext",
                "subjectAltName=IP:127.0.0.1", "-keyout", "server.key", "-out", "server.pem",
            ] + newKey,
            in: folder
        )
    )
}

private func run(_ process: Process) throws {
    process.standardOutput = FileHandle.nullDevice
    try process.run()
    process.waitUntilExit()
    guard process.terminationStatus == 0 else {
        throw TLSServerError(output: "openssl ended with \(process.terminationStatus)")
    }
}

private func openssl(_ arguments: [String], in folder: URL) -> Process {
    let process = Process()
    process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
    process.arguments = ["openssl"] + arguments
    process.currentDirectoryURL = folder
    process.standardInput = FileHandle.nullDevice
    process.standardError = FileHandle.nullDevice
    return process
}
