import AddressSpace
import CAres
import Glibc

extension Resolution {
    /// What a status of c-ares and its result list mean.
    init(status: Int32, nodes: UnsafeMutablePointer<ares_addrinfo_node>?) {
        let reason = String(cString: ares_strerror(status))
        switch status {
        case Int32(ARES_SUCCESS):
            let addresses = nodes.map { first in
                sequence(first: first) { $0.pointee.ai_next }.compactMap(\.pointee.address)
            }
            self = addresses.map(Resolution.addresses) ?? .notFound(reason: "no addresses")
        case Int32(ARES_ENOTFOUND), Int32(ARES_ENODATA), Int32(ARES_EBADNAME):
            self = .notFound(reason: reason)
        default:
            self = .unavailable(reason: reason)
        }
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
