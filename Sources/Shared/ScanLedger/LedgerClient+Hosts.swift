public import AddressSpace
import Foundation
import HTTPTransport
public import ScanModel

extension LedgerClient {
    /// How many hosts are asked for at once.
    static let pageSize = 1_000
    /// How many addresses are merged into a set at once: few merges, and few addresses held one by one.
    static let mergedAtOnce = 65_536
    /// How large an answer may be: four hosts with every port open. A larger page is asked for in parts.
    static let maximumAnswerBytes = 64 << 20
    /// How many hosts get their names in one request.
    static let namesBatchSize = 500

    /// All addresses that a project has, with open ports or without: page after page into a set, so that what is held does
    /// not grow with the hosts but with the ranges they make up.
    ///
    /// What cannot be read is an error, so that "nothing known" is only said where ScanLedger said it.
    public func knownAddresses(of project: ProjectID) async throws(LedgerError) -> AddressSet {
        var known = AddressSet()
        var pending: [AddressRange] = []
        var skip = 0
        var limit = Self.pageSize
        var pageStart: IPAddress?
        while true {
            let page: [IPAddress]
            do {
                page = try await addresses(of: project, skip: skip, limit: limit)
            } catch {
                guard error.code == .tooLarge, limit > 1 else { throw error }
                limit = max(1, limit / 8)
                continue
            }
            guard let first = page.first else { return known.union(AddressSet(pending)) }
            guard first != pageStart else {
                throw LedgerError(code: .unreadable, message: "the list of hosts repeats itself")
            }
            pageStart = first
            skip += page.count
            pending += page.map(AddressRange.init(_:))
            if pending.count >= Self.mergedAtOnce {
                known = known.union(AddressSet(pending))
                pending.removeAll(keepingCapacity: true)
            }
        }
    }

    private func addresses(
        of project: ProjectID,
        skip: Int,
        limit: Int
    ) async throws(LedgerError) -> [IPAddress] {
        var call = call(
            .get,
            "/projects/\(project)/ips?has_ports=false&skip=\(skip)&limit=\(limit)",
            deadline: Deadline.page
        )
        call.maximumResponseBytes = Self.maximumAnswerBytes
        let hosts = try decode([KnownHost].self, from: try await send(call), of: call)
        var addresses: [IPAddress] = []
        addresses.reserveCapacity(hosts.count)
        for host in hosts {
            guard let address = IPAddress(host.ip) else {
                throw LedgerError(code: .unreadable, message: "a known host's address cannot be read")
            }
            addresses.append(address)
        }
        return addresses
    }

    /// One host of a project; nil where it is not there.
    public func host(_ address: IPAddress, of project: ProjectID) async throws(LedgerError) -> LedgerHost? {
        var call = call(.get, "/projects/\(project)/ips/\(address)", deadline: Deadline.host)
        call.maximumResponseBytes = Self.maximumAnswerBytes
        do {
            return try decode(LedgerHost.self, from: try await send(call), of: call)
        } catch {
            guard error.code == .notFound else { throw error }
            return nil
        }
    }

    /// Adds names to hosts that ScanLedger has; its mode insert leaves all else of them as it is.
    ///
    /// A failure leaves the batches before it applied; doing it all again is harmless.
    public func addHostnames(
        _ names: [(IPAddress, [String])],
        to project: ProjectID
    ) async throws(LedgerError) {
        for start in stride(from: 0, to: names.count, by: Self.namesBatchSize) {
            let batch = names[start..<min(start + Self.namesBatchSize, names.count)]
            var call = call(
                .post,
                "/projects/\(project)/ips?mode=insert&track_history=true",
                deadline: Deadline.write
            )
            call.headers["Content-Type"] = "application/json"
            call.body = .bytes(try encode(batch.map { NamedHost(ip: "\($0.0)", hostnames: $0.1) }))
            _ = try await send(call)
        }
    }

    private func encode(_ hosts: [NamedHost]) throws(LedgerError) -> [UInt8] {
        do {
            return Array(try JSONEncoder().encode(hosts))
        } catch {
            throw LedgerError(code: .rejected, message: "the names cannot be written as JSON")
        }
    }
}

/// The one field that matters of a host in a page.
private struct KnownHost: Decodable {
    let ip: String
}

private struct NamedHost: Encodable {
    let ip: String
    let hostnames: [String]
    let ports: [Int] = []
}
