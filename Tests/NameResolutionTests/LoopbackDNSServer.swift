import AddressSpace
import Foundation
import Synchronization

/// A small DNS server on a UDP port of 127.0.0.1 that answers as a test tells it to.
final class LoopbackDNSServer: Sendable {
    struct Question: Hashable, Sendable {
        var name: String
        var family: AddressFamily
    }

    enum Reply: Sendable {
        case addresses([IPAddress], timeToLive: UInt8 = 60)
        /// An alias that holds as long as told, of a name with this address, which holds for a minute.
        case alias(of: IPAddress, timeToLive: UInt8)
        /// The name exists, but not with this family.
        case noData
        /// An answer code of RFC 1035 section 4.1.1, such as 2 (SERVFAIL), 3 (NXDOMAIN) and 5 (REFUSED).
        case code(UInt8)
        case silence
    }

    let port: UInt16
    /// A value for each question, when it has been read.
    let arrivals: AsyncStream<Question>

    private let descriptor: Int32
    private let log = Mutex<[Question]>([])
    private let handler: @Sendable (Question) -> Reply
    private let arrived: AsyncStream<Question>.Continuation

    init(_ handler: @escaping @Sendable (Question) -> Reply) throws {
        (descriptor, port) = try Self.bindToAnyPort()
        (arrivals, arrived) = AsyncStream.makeStream()
        self.handler = handler
        Thread { [self] in serve() }.start()
    }

    var address: String { "127.0.0.1:\(port)" }
    var questions: [Question] { log.withLock { $0 } }

    /// Ends the thread, which closes the socket.
    func stop() {
        shutdown(descriptor, Int32(SHUT_RDWR))
        arrived.finish()
    }

    /// An address on which nobody answers: the system says so at once.
    static func unusedAddress() throws -> String {
        let (descriptor, port) = try bindToAnyPort()
        close(descriptor)
        return "127.0.0.1:\(port)"
    }

    private static func bindToAnyPort() throws -> (descriptor: Int32, port: UInt16) {
        let descriptor = socket(AF_INET, Int32(SOCK_DGRAM.rawValue), 0)
        var size = 4 << 20
        setsockopt(descriptor, SOL_SOCKET, SO_RCVBUF, &size, socklen_t(MemoryLayout<Int32>.size))
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_addr.s_addr = UInt32(0x7f00_0001).bigEndian
        var length = socklen_t(MemoryLayout<sockaddr_in>.size)
        let isBound = withUnsafeMutablePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { pointer in
                bind(descriptor, pointer, length) == 0 && getsockname(descriptor, pointer, &length) == 0
            }
        }
        guard isBound else { throw POSIXError(.EADDRNOTAVAIL) }
        return (descriptor, UInt16(bigEndian: address.sin_port))
    }

    private func serve() {
        defer { close(descriptor) }
        var packet = [UInt8](repeating: 0, count: 512)
        while true {
            var sender = sockaddr_storage()
            var length = socklen_t(MemoryLayout<sockaddr_storage>.size)
            withUnsafeMutablePointer(to: &sender) { pointer in
                pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { pointer in
                    let count = recvfrom(descriptor, &packet, packet.count, 0, pointer, &length)
                    guard count > 0, let answer = answer(to: packet[..<count]) else { return }
                    sendto(descriptor, answer, answer.count, 0, pointer, length)
                }
            }
            // A socket that was shut down receives nothing, from nobody.
            guard length > 0 else { return }
        }
    }

    private func answer(to query: ArraySlice<UInt8>) -> [UInt8]? {
        var position = 12
        var labels: [String] = []
        while query[position] != 0 {
            let end = position + 1 + Int(query[position])
            labels.append(String(decoding: query[(position + 1)..<end], as: UTF8.self))
            position = end
        }
        let type = query[position + 2]
        let question = Question(name: labels.joined(separator: "."), family: type == 28 ? .v6 : .v4)
        log.withLock { $0.append(question) }
        arrived.yield(question)
        let section = query[12..<(position + 5)]
        switch handler(question) {
        case .silence: return nil
        case .noData: return message(query, code: 0, section, records: [])
        case .code(let code): return message(query, code: code, section, records: [])
        case .addresses(let addresses, let timeToLive):
            let records = addresses.map { record(of: [0xc0, 12], type, timeToLive, data($0)) }
            return message(query, code: 0, section, records: records)
        case .alias(let address, let timeToLive):
            let target: [UInt8] = [1, 0x78, 0xc0, 12]
            let records = [record(of: [0xc0, 12], 5, timeToLive, target), record(of: target, type, 60, data(address))]
            return message(query, code: 0, section, records: records)
        }
    }

    private func message(
        _ query: ArraySlice<UInt8>,
        code: UInt8,
        _ section: ArraySlice<UInt8>,
        records: [[UInt8]]
    ) -> [UInt8] {
        let header = [query[0], query[1], 0x81, 0x80 | code, 0, 1, 0, UInt8(records.count), 0, 0, 0, 0]
        return header + section + records.joined()
    }

    private func record(of owner: [UInt8], _ type: UInt8, _ timeToLive: UInt8, _ data: [UInt8]) -> [UInt8] {
        owner + [0, type, 0, 1, 0, 0, 0, timeToLive, 0, UInt8(data.count)] + data
    }

    private func data(_ address: IPAddress) -> [UInt8] {
        switch address {
        case .v4(let value): withUnsafeBytes(of: value.bigEndian) { Array($0) }
        case .v6(let value): withUnsafeBytes(of: value.bigEndian) { Array($0) }
        }
    }
}
