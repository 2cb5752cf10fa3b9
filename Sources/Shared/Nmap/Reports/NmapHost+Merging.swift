extension NmapHost {
    /// This host, from the first phase, with what the second phase found out about it.
    ///
    /// The first phase decides which ports there are and in what state. The second contributes, for each port that the
    /// first found open, its service and every script; and all it says of the host as a whole: OS matches, uptime,
    /// distance, sequences, host scripts, trace. What only the first phase knows stays. A port that the second phase
    /// alone reports is dropped, and one that it found closed stays open.
    ///
    /// The host of another address contributes nothing.
    public func merging(services: NmapHost) -> NmapHost {
        guard services.address == address else { return self }
        let (start, end) = (min(startTime, services.startTime), max(endTime, services.endTime))
        var merged = element
        merged["starttime"] = String(start)
        merged["endtime"] = String(end)
        merged.children =
            element.all("status")
            + mergedAddresses(services)
            + element.all("hostnames")
            + element.all("ports").map { mergedPorts($0, services: services) }
            + element.hostWideFindings.filter { services.element.first($0.name) == nil }
            + services.element.hostWideFindings
        return NmapHost(element: merged, address: address, startTime: start, endTime: end, ports: ports)
    }

    /// The addresses of this host, and a MAC address that only the second phase learned.
    private func mergedAddresses(_ services: NmapHost) -> [XMLNode] {
        let own = element.all("address")
        let types = Set(own.map { $0["addrtype"] })
        return own + services.element.all("address").filter { !types.contains($0["addrtype"]) }
    }

    private func mergedPorts(_ portList: XMLNode, services: NmapHost) -> XMLNode {
        let answers = services.element.all("ports").flatMap { $0.all("port") }
        let answersByPort = Dictionary(uniqueKeysWithValues: zip(services.ports.map(\.key), answers))
        var reported = ports.makeIterator()
        var merged = portList
        merged.children = portList.children.map { child in
            guard child.name == "port", let port = reported.next(), port.state == .open else { return child }
            return answersByPort[port.key].map { mergedPort(child, answer: $0) } ?? child
        }
        return merged
    }

    /// An open port of the first phase, with all of the second phase's children but its state.
    private func mergedPort(_ port: XMLNode, answer: XMLNode) -> XMLNode {
        var merged = port
        merged.children = port.children.filter { $0.name == "state" || answer.first($0.name) == nil }
        merged.children += answer.children.filter { $0.name != "state" }
        return merged
    }
}

extension XMLNode {
    /// The children of a `<host>` that are neither its identity nor its ports.
    fileprivate var hostWideFindings: [XMLNode] {
        children.filter { !["status", "address", "hostnames", "ports"].contains($0.name) }
    }
}
