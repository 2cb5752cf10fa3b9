import Foundation

/// A program that a test starts. Waiting for its end blocks no thread, of which a small machine has two.
final class ChildProcess: Sendable {
    private let process = Process()
    private let exits: AsyncStream<Int32>

    /// Starts a program found in `PATH`, its output thrown away.
    init(_ program: String, _ arguments: [String]) throws {
        let (exits, exit) = AsyncStream.makeStream(of: Int32.self)
        self.exits = exits
        process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
        process.arguments = [program] + arguments
        process.standardOutput = FileHandle.nullDevice
        process.standardError = FileHandle.nullDevice
        process.terminationHandler = { process in
            exit.yield(process.terminationStatus)
            exit.finish()
        }
        try process.run()
    }

    /// Waits for the end of the program and returns its status; to be called once.
    func status() async -> Int32? {
        await exits.first { _ in true }
    }

    /// Ends the program as a crash would.
    func kill() {
        Foundation.kill(process.processIdentifier, SIGKILL)
    }
}
