import AddressSpace

/// What was read can be printed and read again; a complaint can be logged.
func fuzzHosts(_ bytes: [UInt8]) {
    let text = String(decoding: bytes, as: UTF8.self)
    checkAddresses(text)
    do {
        check(try HostSpecification(parsing: text), as: text)
    } catch {
        check(error)
    }
    do {
        let pattern = try HostPattern(parsing: text)
        precondition((try? HostPattern(parsing: "\(pattern)")) == pattern, "a pattern that changes when printed")
    } catch {
        check(error)
    }
}

private func checkAddresses(_ text: String) {
    if let address = IPAddress(text) {
        precondition(IPAddress(address.description) == address, "an address that changes when printed")
    }
    if let range = AddressRange(text) {
        precondition(AddressRange(range.description) == range, "a range that changes when printed")
    }
    if let prefix = IPPrefix(text) {
        precondition(IPPrefix(prefix.description) == prefix, "a network that changes when printed")
        precondition((0...prefix.address.family.bitWidth).contains(prefix.length), "a network of no such length")
        precondition(prefix.range.contains(prefix.hostRange), "a network with hosts outside of it")
    }
}

private func check(_ host: HostSpecification, as text: String) {
    switch host {
    case .addresses(let range):
        guard case .addresses(let whole) = try? HostSpecification(parsing: text, networks: .whole) else {
            preconditionFailure("addresses that are none with their whole network")
        }
        precondition(whole.contains(range), "hosts outside of their network")
    case .hostname(let name):
        precondition(name.utf8.count <= 253 && name.utf8.contains(UInt8(ascii: ".")), "a name of no length for names")
        precondition((try? HostSpecification(parsing: name)) == host, "a name that changes when printed")
    }
}

private func check(_ error: HostSyntaxError) {
    let isPrintable = error.message.unicodeScalars.allSatisfy { (" "..."~").contains($0) }
    precondition(isPrintable && error.message.utf8.count < 1_500, "a complaint that is not fit for a log")
}

extension AddressRange {
    fileprivate func contains(_ other: AddressRange) -> Bool {
        contains(other.lower) && contains(other.upper)
    }
}
