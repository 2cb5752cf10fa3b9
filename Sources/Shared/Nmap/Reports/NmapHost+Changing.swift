extension NmapHost {
    /// This host with exactly these names, as names the user gave; the report's own, from PTR records, are dropped.
    public func withHostnames(_ names: [String]) -> NmapHost {
        var changed = element
        changed.children.removeAll { $0.name == "hostnames" }
        let afterAddresses = changed.children.lastIndex { $0.name == "address" }.map { $0 + 1 } ?? 0
        let hostnames = names.map { XMLNode("hostname", ["name": $0, "type": "user"]) }
        changed.children.insert(XMLNode("hostnames", children: hostnames), at: afterAddresses)
        return replacing(element: changed)
    }

    /// What has to be kept of a first-phase host until the second phase is done: status, addresses, and the ports
    /// listed one by one. Names, timing and the summary of uninteresting ports go.
    public func reduced() -> NmapHost {
        var kept = element
        kept.children = element.children.compactMap { child in
            switch child.name {
            case "status", "address": return child
            case "ports":
                var ports = child
                ports.children.removeAll { $0.name != "port" }
                return ports
            default: return nil
            }
        }
        return replacing(element: kept)
    }

    /// This host with another tree that has the same address, times and ports.
    private func replacing(element: XMLNode) -> NmapHost {
        NmapHost(element: element, address: address, startTime: startTime, endTime: endTime, ports: ports)
    }
}
