import AddressSpace
import CAres
import Glibc

extension Answer.Outcome {
    /// What a status of c-ares and its result mean. The result holds as long as the shortest-lived of its records.
    init(status: Int32, result: ares_addrinfo?) {
        let reason = String(cString: ares_strerror(status))
        switch status {
        case Int32(ARES_SUCCESS):
            let nodes = result.map { Array(list($0.nodes, next: \.ai_next)) } ?? []
            let aliases = result.map { Array(list($0.cnames, next: \.next)) } ?? []
            let seconds = (nodes.map(\.ai_ttl) + aliases.map(\.ttl)).min() ?? 0
            let addresses = nodes.compactMap(\.address)
            self = .conclusive(
                addresses.isEmpty ? .notFound(reason: "no addresses") : .addresses(addresses),
                timeToLive: .seconds(max(0, seconds))
            )
        case Int32(ARES_ENOTFOUND), Int32(ARES_ENODATA):
            self = .conclusive(.notFound(reason: reason), timeToLive: ResolutionCache.maximumNegativeTime)
        case Int32(ARES_EBADNAME):
            self = .conclusive(.notFound(reason: reason), timeToLive: .zero)
        case Int32(ARES_ETIMEOUT):
            self = .silent(reason: reason)
        case Int32(ARES_ECONNREFUSED):
            self = .unreachable(reason: reason)
        default:
            self = .failed(reason: reason)
        }
    }
}

/// The elements of a C list.
func list<Element>(
    _ first: UnsafeMutablePointer<Element>?,
    next: @escaping (Element) -> UnsafeMutablePointer<Element>?
) -> some Sequence<Element> {
    sequence(state: first) { current in
        defer { current = current.flatMap { next($0.pointee) } }
        return current?.pointee
    }
}

extension ares_addrinfo_node {
    fileprivate var address: IPAddress? {
        guard let socketAddress = UnsafeRawPointer(ai_addr) else { return nil }
        switch ai_family {
        case AF_INET:
            let address = socketAddress.loadUnaligned(as: sockaddr_in.self).sin_addr
            return .v4(UInt32(bigEndian: address.s_addr))
        case AF_INET6:
            let address = socketAddress.loadUnaligned(as: sockaddr_in6.self).sin6_addr
            return .v6(withUnsafeBytes(of: address) { UInt128(bigEndian: $0.loadUnaligned(as: UInt128.self)) })
        default:
            return nil
        }
    }
}
