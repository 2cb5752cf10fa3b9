/// Builds the report that hands a batch of finished hosts to ScanLedger.
public enum ImportReport {
    /// The nmap release whose form of report this is. The importer wants a version and does no more than keep it, and
    /// the hosts of one batch may come from workers with different releases, so it is that of the form, not of a worker.
    static let version = "7.93"

    /// One document with all `hosts`.
    ///
    /// In mode replace the importer closes what lies in the scanned ports and is not in the report. It takes these from
    /// the first `-p` in `args`, and the protocol from `-sU`, so `args` is made up from the open-ports phase alone.
    ///
    /// - Parameters:
    ///   - hosts: finished hosts of one scan.
    ///   - ports: the ports that the open-ports phase looked at.
    ///   - start: when the scan began, in seconds since 1970.
    public static func document(
        hosts: [NmapHost],
        ports: PortSet,
        transportProtocol: TransportProtocol,
        start: Int
    ) -> [UInt8] {
        let isUDP = transportProtocol == .udp
        let report = XMLNode(
            "nmaprun",
            [
                "scanner": "nmap",
                "args": "nmap -p \(ports.nmapList)" + (isUDP ? " -sU" : ""),
                "start": "\(start)",
                "startstr": "\(CalendarTime(secondsSince1970: start))",
                "version": version,
                "xmloutputversion": "1.05",
            ],
            children: [
                XMLNode(
                    "scaninfo",
                    [
                        "type": isUDP ? "udp" : "syn",
                        "protocol": transportProtocol.rawValue,
                        "numservices": "\(ports.count)",
                        "services": ports.nmapList,
                    ]
                ),
                XMLNode("verbose", ["level": "0"]),
                XMLNode("debugging", ["level": "0"]),
            ] + hosts.map(\.element) + [statistics(of: hosts, start: start)]
        )
        return Array("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<!DOCTYPE nmaprun>\n".utf8) + report.serialized()
    }

    private static func statistics(of hosts: [NmapHost], start: Int) -> XMLNode {
        let end = hosts.map(\.endTime).max() ?? start
        let finished = XMLNode(
            "finished",
            [
                "time": "\(end)",
                "timestr": "\(CalendarTime(secondsSince1970: end))",
                "elapsed": "\(max(0, end - start)).00",
                "exit": "success",
            ]
        )
        let totals = XMLNode("hosts", ["up": "\(hosts.count)", "down": "0", "total": "\(hosts.count)"])
        return XMLNode("runstats", children: [finished, totals])
    }
}
