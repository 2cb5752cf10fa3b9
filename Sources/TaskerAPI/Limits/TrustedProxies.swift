import AddressSpace
import Foundation
import HTTPTypes

/// Finds out from which address a request comes, also through load balancers.
struct TrustedProxies: Sendable {
    /// The addresses whose `X-Forwarded-For` is believed.
    let addresses: AddressSet

    /// The client of a request.
    ///
    /// Each proxy writes at the end of the list whom it got the request from. So the list is read from its end, past
    /// proxies that are trusted: the first address that is not one of them is the client's, and what stands before it may
    /// be anybody's invention.
    ///
    /// - Parameter peer: the other end of the connection.
    func client(peer: IPAddress?, _ headers: HTTPFields) -> IPAddress? {
        guard var client = peer?.unmapped, addresses.contains(client) else { return peer?.unmapped }
        let list = headers[values: .forwardedFor].flatMap { $0.split(separator: ",") }
        for entry in list.reversed() {
            guard addresses.contains(client), let next = IPAddress(entry.trimmingCharacters(in: .whitespaces)) else {
                break
            }
            client = next.unmapped
        }
        return client
    }
}

extension HTTPField.Name {
    static let forwardedFor = HTTPField.Name("X-Forwarded-For")!
}

extension IPAddress {
    /// The IPv4 address that an IPv4-mapped one stands for, else the address itself.
    fileprivate var unmapped: IPAddress { AddressRange(self).mappedIPv4?.lower ?? self }
}
