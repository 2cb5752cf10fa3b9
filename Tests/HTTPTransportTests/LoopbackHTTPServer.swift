import Foundation
import Synchronization

/// A small HTTP/1.1 server on 127.0.0.1 that does what a test tells it to, the ill-behaved included.
final class LoopbackHTTPServer: Sendable {
    struct Request: Sendable {
        var method: String
        var path: String
        /// Names in lower case.
        var headers: [String: String]
        var body: [UInt8]
        /// How many requests this connection carried before.
        var predecessors: Int

        var text: String { String(decoding: body, as: UTF8.self) }
    }

    enum Reply: Sendable {
        case response(status: Int = 200, headers: [String] = [], body: [UInt8] = [])
        /// These bytes as they are; then the connection is closed.
        case raw(String)
        /// No answer: the connection is closed at once.
        case close
        /// No answer: the connection stays open until the client closes it.
        case hold
    }

    private struct State {
        var connections: Set<Int32> = []
        var accepted = 0
        var requests: [Request] = []
    }

    let port: UInt16
    /// A value for each request, when it has been read.
    let arrivals: AsyncStream<Request>
    /// The path of each request on hold, when its client has closed the connection.
    let departures: AsyncStream<String>

    private let listener: Int32
    private let state = Mutex(State())
    private let handler: @Sendable (Request) -> Reply
    private let arrived: AsyncStream<Request>.Continuation
    private let departed: AsyncStream<String>.Continuation

    init(_ handler: @escaping @Sendable (Request) -> Reply) throws {
        (listener, port) = try Self.listen()
        (arrivals, arrived) = AsyncStream.makeStream()
        (departures, departed) = AsyncStream.makeStream()
        self.handler = handler
        Thread { [self] in accept() }.start()
    }

    var accepted: Int { state.withLock { $0.accepted } }
    var requests: [Request] { state.withLock { $0.requests } }

    func url(_ path: String = "/") -> String { "http://127.0.0.1:\(port)\(path)" }

    /// Closes the listener and all connections; their threads end.
    func stop() {
        shutdown(listener, Int32(SHUT_RDWR))
        state.withLock { state in
            for connection in state.connections {
                shutdown(connection, Int32(SHUT_RDWR))
            }
        }
        arrived.finish()
    }

    /// A port of 127.0.0.1 on which nobody listens.
    static func unusedPort() throws -> UInt16 {
        let (descriptor, port) = try listen()
        close(descriptor)
        return port
    }

    private static func listen() throws -> (descriptor: Int32, port: UInt16) {
        let descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_addr.s_addr = UInt32(0x7f00_0001).bigEndian
        var length = socklen_t(MemoryLayout<sockaddr_in>.size)
        let isListening = withUnsafeMutablePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { pointer in
                bind(descriptor, pointer, length) == 0 && Foundation.listen(descriptor, 1024) == 0
                    && getsockname(descriptor, pointer, &length) == 0
            }
        }
        guard isListening else { throw POSIXError(.EADDRNOTAVAIL) }
        return (descriptor, UInt16(bigEndian: address.sin_port))
    }

    private func accept() {
        defer { close(listener) }
        while true {
            let connection = Foundation.accept(listener, nil, nil)
            guard connection >= 0 else { return }
            state.withLock { state in
                state.accepted += 1
                state.connections.insert(connection)
            }
            Thread { [self] in
                serve(connection)
                state.withLock { state in
                    _ = state.connections.remove(connection)
                    close(connection)
                }
            }.start()
        }
    }

    private func serve(_ connection: Int32) {
        var predecessors = 0
        while let request = readRequest(connection, predecessors) {
            state.withLock { $0.requests.append(request) }
            arrived.yield(request)
            switch handler(request) {
            case .response(let status, let headers, let body):
                let head = ["HTTP/1.1 \(status) X", "Content-Length: \(body.count)"] + headers
                write(Array((head.joined(separator: "\r\n") + "\r\n\r\n").utf8) + body, to: connection)
            case .raw(let text):
                write(Array(text.utf8), to: connection)
                return
            case .close:
                return
            case .hold:
                _ = readByte(connection)
                departed.yield(request.path)
                return
            }
            predecessors += 1
        }
    }

    private func readRequest(_ connection: Int32, _ predecessors: Int) -> Request? {
        var head: [UInt8] = []
        while !head.ends(with: "\r\n\r\n") {
            guard let byte = readByte(connection) else { return nil }
            head.append(byte)
        }
        let lines = String(decoding: head, as: UTF8.self).components(separatedBy: "\r\n")
        var headers: [String: String] = [:]
        for line in lines.dropFirst() {
            guard let colon = line.firstIndex(of: ":") else { continue }
            headers[line[..<colon].lowercased()] =
                line[line.index(after: colon)...].trimmingCharacters(in: .whitespaces)
        }
        let words = lines[0].split(separator: " ")
        var body: [UInt8] = []
        while body.count < Int(headers["content-length"] ?? "0")! {
            guard let byte = readByte(connection) else { return nil }
            body.append(byte)
        }
        return Request(
            method: String(words[0]),
            path: String(words[1]),
            headers: headers,
            body: body,
            predecessors: predecessors
        )
    }

    private func readByte(_ connection: Int32) -> UInt8? {
        var byte: UInt8 = 0
        return recv(connection, &byte, 1, 0) == 1 ? byte : nil
    }

    private func write(_ bytes: [UInt8], to connection: Int32) {
        var rest = bytes[...]
        while !rest.isEmpty {
            let count = rest.withUnsafeBytes { send(connection, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL)) }
            guard count > 0 else { return }
            rest.removeFirst(count)
        }
    }
}

extension [UInt8] {
    fileprivate func ends(with text: String) -> Bool {
        suffix(text.utf8.count).elementsEqual(text.utf8)
    }
}
