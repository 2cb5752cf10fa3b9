package import Foundation

/// A certificate authority of a test's own, and a certificate of it for a server, made by `openssl`.
package struct TestCertificates: Sendable {
    /// When the server's certificate is valid.
    package enum Validity: Sendable {
        case now
        case over
    }

    package let caFile: String
    package let certificateFile: String
    package let keyFile: String

    /// Makes them in a folder that exists.
    ///
    /// - Parameters:
    ///   - name: keeps several of a folder apart.
    ///   - subject: whom the certificate is for, as OpenSSL writes alternative names: `DNS:localhost`, `IP:127.0.0.1`.
    package init(
        in folder: URL,
        name: String = "own",
        subject: String = "DNS:localhost",
        validity: Validity = .now
    ) async throws {
        let home = folder.appendingPathComponent("\(name)-authority")
        func path(_ file: String) -> String { home.appendingPathComponent(file).path }
        caFile = path("ca.pem")
        certificateFile = path("server.pem")
        keyFile = path("server.key")
        let commands = Self.commands(validity)
        try await Self.onOwnThread {
            try FileManager.default.createDirectory(at: home, withIntermediateDirectories: true)
            try Data(Self.configuration(subject).utf8).write(to: home.appendingPathComponent("ca.conf"))
            try Data().write(to: home.appendingPathComponent("index.txt"))
            for command in commands { try Self.openssl(command, in: home) }
        }
    }

    private static func commands(_ validity: Validity) -> [[String]] {
        let newKey = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes"]
        let period =
            switch validity {
            case .now: ["-days", "2"]
            case .over: ["-startdate", "20200101000000Z", "-enddate", "20200102000000Z"]
            }
        return [
            ["req", "-x509", "-days", "2", "-subj", "/CN=Authority", "-keyout", "ca.key", "-out", "ca.pem"] + newKey,
            ["req", "-subj", "/CN=Server", "-keyout", "server.key", "-out", "server.csr"] + newKey,
            [
                "ca", "-batch", "-notext", "-config", "ca.conf", "-extensions", "names", "-cert", "ca.pem", "-keyfile",
                "ca.key", "-in", "server.csr", "-out", "server.pem",
            ] + period,
        ]
    }

    /// `openssl req` cannot make a certificate that is over; `openssl ca` can, and needs this (openssl-ca(1)).
    private static func configuration(_ subject: String) -> String {
        """
        [ca]
        default_ca = authority
        [authority]
        database = index.txt
        new_certs_dir = .
        rand_serial = yes
        policy = policy
        default_md = sha256
        [policy]
        commonName = supplied
        [names]
        subjectAltName = \(subject)

        """
    }

    private static func openssl(_ arguments: [String], in folder: URL) throws {
        let process = Process()
        process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
        process.arguments = ["openssl"] + arguments
        process.currentDirectoryURL = folder
        process.standardInput = FileHandle.nullDevice
        process.standardOutput = FileHandle.nullDevice
        process.standardError = FileHandle.nullDevice
        try process.run()
        process.waitUntilExit()
        guard process.terminationStatus == 0 else {
            throw Failure(description: "openssl \(arguments[0]) ended with \(process.terminationStatus)")
        }
    }

    /// Does something that blocks without keeping a thread from Swift's tasks.
    private static func onOwnThread(_ work: @escaping @Sendable () throws -> Void) async throws {
        try await withCheckedThrowingContinuation { continuation in
            Thread { continuation.resume(with: Result(catching: work)) }.start()
        }
    }

    /// What did not work; it needs the package `openssl`.
    private struct Failure: Error, CustomStringConvertible {
        let description: String
    }
}
