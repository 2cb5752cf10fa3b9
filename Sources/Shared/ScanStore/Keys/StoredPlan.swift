import AddressSpace
import Compression
import Foundation
import ScanModel

/// Names by address, as they are kept: deflated JSON.
enum StoredNames {
    static func encode(_ hostnames: [IPAddress: [String]]) throws(StoreError) -> [UInt8] {
        try deflated(Dictionary(uniqueKeysWithValues: hostnames.map { ("\($0.key)", $0.value) }), "names")
    }

    static func decode(_ bytes: [UInt8]) throws(StoreError) -> [IPAddress: [String]] {
        try addresses(try deflatedJSON([String: [String]].self, bytes, "names"))
    }

    static func addresses(_ byText: [String: [String]]) throws(StoreError) -> [IPAddress: [String]] {
        var hostnames: [IPAddress: [String]] = [:]
        hostnames.reserveCapacity(byText.count)
        for (text, names) in byText {
            guard let address = IPAddress(text) else { throw StoreError(.corrupt, "the plan's names cannot be read") }
            hostnames[address] = names
        }
        return hostnames
    }
}

/// The refusals of a plan, as they are kept: deflated JSON with the address sets in their compact form.
enum StoredRefusals {
    private struct Row: Codable {
        struct Group: Codable {
            let reason: RefusalReason
            let coveringScan: ScanID?
            let addresses: Data
        }

        let groups: [Group]
        let unresolvable: [String]
        let hostnames: [String: [String]]
    }

    static func encode(_ refusals: PlanRefusals) throws(StoreError) -> [UInt8] {
        let row = Row(
            groups: refusals.groups.map {
                Row.Group(reason: $0.reason, coveringScan: $0.coveringScan, addresses: Data($0.addresses.encoded()))
            },
            unresolvable: refusals.unresolvable,
            hostnames: Dictionary(uniqueKeysWithValues: refusals.hostnames.map { ("\($0.key)", $0.value) })
        )
        return try deflated(row, "refusals")
    }

    static func decode(_ bytes: [UInt8]) throws(StoreError) -> PlanRefusals {
        let row = try deflatedJSON(Row.self, bytes, "refusals")
        var groups: [PlanRefusals.Group] = []
        for group in row.groups {
            do {
                let addresses = try AddressSet(encoded: Array(group.addresses))
                groups.append(.init(reason: group.reason, coveringScan: group.coveringScan, addresses: addresses))
            } catch {
                throw StoreError(.corrupt, "the plan's refusals: \(error)")
            }
        }
        return PlanRefusals(
            groups: groups,
            unresolvable: row.unresolvable,
            hostnames: try StoredNames.addresses(row.hostnames)
        )
    }
}

/// The most bytes that a deflated field may hold.
private let deflatedLimit = 1 << 28

private func deflated(_ value: some Encodable, _ name: String) throws(StoreError) -> [UInt8] {
    let json = try storedJSON(value)
    guard json.count <= deflatedLimit else { throw StoreError(.corrupt, "the plan's \(name) are too large to be kept") }
    return Deflate.compress(json)
}

private func deflatedJSON<Stored: Decodable>(
    _ type: Stored.Type,
    _ bytes: [UInt8],
    _ name: String
) throws(StoreError) -> Stored {
    do {
        return try JSONDecoder().decode(type, from: Data(try Deflate.decompress(bytes, atMost: deflatedLimit)))
    } catch {
        throw StoreError(.corrupt, "the plan's \(name): \(error)")
    }
}
