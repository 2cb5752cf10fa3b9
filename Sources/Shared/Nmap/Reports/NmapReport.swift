public import AddressSpace

/// Judges what came back from a worker.
public enum NmapReport {
    /// What `xml` says about `address`. Nothing but a whole, successful report on that address alone is a finding.
    public static func classify(_ xml: [UInt8], expecting address: IPAddress) -> ReportVerdict {
        do {
            return try verdict(on: XMLNode(parsing: xml), expecting: address)
        } catch {
            return .malformed(error.message)
        }
    }

    private static func verdict(on report: XMLNode, expecting address: IPAddress) throws(HostileXMLError)
        -> ReportVerdict
    {
        guard report.name == "nmaprun" else { throw refusal("not a report of nmap") }
        let statistics = report.all("runstats")
        guard
            statistics.count == 1, statistics[0].all("finished").map({ $0["exit"] }) == ["success"],
            let totals = statistics[0].first("hosts")
        else {
            throw refusal("nmap did not finish")
        }
        let hosts = report.all("host")
        if let host = hosts.first {
            guard hosts.count == 1, totals["total"] == "1" else { throw refusal("more than one host") }
            return try verdict(onHost: host, expecting: address)
        }
        guard report.names(address) else { throw refusal("a report on another address") }
        switch (totals["up"], totals["down"], totals["total"]) {
        case ("0", "1", "1"): return .down
        case ("0", "0", "0"): return .unroutable
        default: throw refusal("hosts that are counted but not reported")
        }
    }

    private static func verdict(onHost host: XMLNode, expecting address: IPAddress) throws(HostileXMLError)
        -> ReportVerdict
    {
        guard host.scannedAddress == address else { throw refusal("a report on another address") }
        if host["timedout"] == "true" {
            return .timedOut
        }
        if host.first("status")?["state"] == "down" {
            return .down
        }
        return .finding(try NmapHost(validating: host))
    }

    private static func refusal(_ message: String) -> HostileXMLError {
        HostileXMLError(code: .unexpectedContent, message: message)
    }
}

extension XMLNode {
    /// Whether a report without a host can be one on `address`: its arguments name that address, or none at all.
    fileprivate func names(_ address: IPAddress) -> Bool {
        let named = (self["args"] ?? "").split(separator: " ").compactMap { IPAddress(String($0)) }
        return named.isEmpty || named.contains(address)
    }
}
