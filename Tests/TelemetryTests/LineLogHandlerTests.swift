import Foundation
import Logging
import Testing

@testable import Telemetry

@Suite("Log records")
struct LineLogHandlerTests {
    private let hostile = "quote\" back\\slash\nnew\r\tline \u{1B}[31m\u{85} ünïcode 🦅"

    /// The lines that come out of a pipe after `body` has logged into it.
    private func lines(
        _ encoder: any LogRecordEncoder,
        provider: Logger.MetadataProvider? = nil,
        _ body: (Logger) -> Void
    ) -> [String] {
        let pipe = Pipe()
        let output = LogOutput(descriptor: pipe.fileHandleForWriting.fileDescriptor)
        let logger = Logger(label: "planner") { label in
            LineLogHandler(
                label: label,
                level: .info,
                metadataProvider: provider,
                encoder: encoder,
                output: output,
                now: { Date(timeIntervalSince1970: 1_795_418_331.5) }
            )
        }
        body(logger)
        pipe.fileHandleForWriting.closeFile()
        let text = String(decoding: pipe.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
        return text.split(separator: "\n", omittingEmptySubsequences: false).dropLast().map(String.init)
    }

    private func object(_ line: String) throws -> [String: Any] {
        try #require(try JSONSerialization.jsonObject(with: Data(line.utf8)) as? [String: Any])
    }

    @Test("a JSON record has time, level, service, logger, message and nested metadata")
    func json() throws {
        let lines = lines(JSONLogEncoder(service: "tasker-api")) { logger in
            logger.warning(
                "scan waits",
                metadata: [LogKey.scan: "s1", "more": ["list": ["a", "b"], "object": ["k": "v"], "none": .array([])]]
            )
        }
        #expect(
            lines == [
                #"{"time":"2026-11-23T07:18:51.500Z","level":"warning","service":"tasker-api","logger":"planner","#
                    + #""message":"scan waits","metadata":{"more":{"list":["a","b"],"none":[],"object":{"k":"v"}},"#
                    + #""scan":"s1"}}"#
            ]
        )
    }

    @Test("whatever a value holds, the JSON record is one line and gives the value back")
    func jsonEscaping() throws {
        let lines = lines(JSONLogEncoder(service: hostile)) { logger in
            logger.info("\(hostile)", metadata: [hostile: "\(hostile)"])
        }
        #expect(lines.count == 1)
        let record = try object(lines[0])
        #expect(record["message"] as? String == hostile)
        #expect(record["service"] as? String == hostile)
        #expect((record["metadata"] as? [String: String])?[hostile] == hostile)
        #expect(!lines[0].unicodeScalars.contains { $0.properties.generalCategory == .control })
    }

    @Test("a text record is one line, with values in quotes where needed")
    func text() {
        let lines = lines(TextLogEncoder()) { logger in
            logger.info("scan accepted", metadata: [LogKey.scan: "s1", LogKey.reason: "two words", LogKey.count: "3"])
            logger.error("x")
        }
        #expect(
            lines == [
                #"2026-11-23T07:18:51.500Z INFO     planner: scan accepted count=3 reason="two words" scan=s1"#,
                "2026-11-23T07:18:51.500Z ERROR    planner: x",
            ]
        )
    }

    @Test("whatever a value holds, the text record is one line and cannot steer a terminal")
    func textEscaping() {
        let lines = lines(TextLogEncoder()) { logger in
            logger.info("\(hostile)", metadata: [hostile: "\(hostile)"])
        }
        #expect(lines.count == 1)
        #expect(!lines[0].unicodeScalars.contains { $0.properties.generalCategory == .control })
        #expect(lines[0].contains("🦅"))
    }

    @Test("metadata of the record wins over the provider's, and that over the logger's")
    func precedence() throws {
        let provider = Logger.MetadataProvider { ["a": "provider", "b": "provider"] }
        let lines = lines(JSONLogEncoder(service: "s"), provider: provider) { logger in
            var logger = logger
            for key in ["a", "b", "c"] { logger[metadataKey: key] = "logger" }
            logger.info("m", metadata: ["a": "record"])
        }
        let metadata = try object(lines[0])["metadata"] as? [String: String]
        #expect(metadata == ["a": "record", "b": "provider", "c": "logger"])
    }

    @Test("an error given with a record is named with its type")
    func error() throws {
        struct Broken: Error {}
        let lines = lines(JSONLogEncoder(service: "s")) { $0.error("m", error: Broken()) }
        let metadata = try object(lines[0])["metadata"] as? [String: String]
        #expect(metadata?[LogKey.error]?.hasPrefix("Broken") == true)
        #expect(metadata?[LogKey.errorType]?.contains("Broken") == true)
    }

    @Test("records below the level are not written")
    func level() {
        #expect(lines(TextLogEncoder()) { $0.debug("m") }.isEmpty)
    }

    @Test("lines of many threads, longer than a pipe takes at once, do not mix")
    func concurrency() throws {
        let pipe = Pipe()
        let output = LogOutput(descriptor: pipe.fileHandleForWriting.fileDescriptor)
        let flags = fcntl(pipe.fileHandleForWriting.fileDescriptor, F_GETFL)
        _ = fcntl(pipe.fileHandleForWriting.fileDescriptor, F_SETFL, flags | O_NONBLOCK)
        let (threads, count, length) = (4, 50, 10_000)
        for thread in 0..<threads {
            Thread.detachNewThread {
                let line = String(repeating: "\(thread)", count: length) + "\n"
                for _ in 0..<count { output.write(line) }
            }
        }
        let expected = threads * count * (length + 1)
        var received = Data()
        while received.count < expected {
            received.append(pipe.fileHandleForReading.availableData)
        }
        let lines = String(decoding: received, as: UTF8.self).split(separator: "\n")
        #expect(lines.count == threads * count)
        #expect(lines.allSatisfy { $0.count == length && Set($0).count == 1 })
    }

    @Test("a record that nobody reads is dropped")
    func closedPipe() {
        signal(SIGPIPE, SIG_IGN)
        let pipe = Pipe()
        pipe.fileHandleForReading.closeFile()
        LogOutput(descriptor: pipe.fileHandleForWriting.fileDescriptor).write("line\n")
    }
}
