import AddressSpace
import Nmap

/// What was read can be written and read again; a host that counts as a finding survives all that is done to it.
func fuzzXML(_ bytes: [UInt8]) {
    guard let node = try? XMLNode(parsing: bytes) else { return }
    precondition((try? XMLNode(parsing: node.serialized())) == node, "an element that changes when written")

    let scanned = node.first("host")?.first("address")?["addr"].flatMap(IPAddress.init) ?? .v4(0x7F00_0001)
    guard case .finding(let host) = NmapReport.classify(bytes, expecting: scanned) else { return }
    precondition(host.address == scanned, "a finding on another host")
    precondition((try? NmapHost(encoded: host.encoded())) == host, "a host that changes when kept")

    let kept = host.reduced()
    precondition((try? NmapHost(encoded: kept.encoded())) == kept, "a reduced host that changes when kept")

    let merged = kept.merging(services: host).withHostnames(["host.example.com"])
    precondition(merged.openPorts == host.openPorts, "other open ports after merging")
    let document = ImportReport.document(
        hosts: [merged],
        ports: merged.openPorts,
        transportProtocol: .tcp,
        start: merged.startTime
    )
    precondition((try? XMLNode(parsing: document)) != nil, "a report for import that cannot be read")
}
