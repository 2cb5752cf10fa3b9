import Nmap
import ScanModel

/// What the body of run-nmap may hold: the document says it by these schemas, and ``ScanRequestReader`` knows no other
/// fields.
enum ScanRequestSchema {
    static let bodyFields = body(.none).memberNames
    static let openPortsFields = openPorts(.none).memberNames
    static let servicesFields = services(.none).memberNames

    static func body(_ limits: RequestLimits) -> Schema {
        .object(
            [
                .required("hosts", .array(of: host, count: 1...limits.hosts), "What is scanned."),
                .optional(
                    "exclude",
                    Schema.array(of: host, count: 0...limits.hosts).orNull,
                    "What is not scanned, however it is named."
                ),
                .required("open_ports_opts", openPorts(limits)),
                .required("service_opts", services(limits)),
                .required("timeout", .integer(in: ScanRequest.timeoutBounds), "Seconds for each phase of each target."),
                .required("include_services", .boolean, "Whether open ports are followed by service detection."),
                .optional("single_resolve", switched(off: "Whether only the first address of a name is scanned.")),
                .required("mode", .choice(of: ImportMode.self), "How ScanLedger merges the results."),
                .optional("track_history", switched(on: "Whether ScanLedger keeps a history of the changes.")),
                .optional(
                    "priority",
                    Schema.integer(in: ScanRequest.priorityBounds).orNull
                        .defaulting(to: .integer(ScanRequest.standardPriority)),
                    "Scans of a project with the higher number go first."
                ),
                .optional("dry_run", switched(off: "Whether only the plan is made.")),
            ],
            isClosed: true
        )
    }

    static func openPorts(_ limits: RequestLimits) -> Schema {
        let own: [Schema.Member] = [
            .required("ports", .array(of: ports, count: 1...limits.ports)),
            .optional("skip_host_discovery", switched(on: "Whether a host that answers no ping is scanned.")),
            .optional(
                "transport_protocol",
                Schema.choice(of: TransportProtocol.self).orNull.defaulting(to: .string(TransportProtocol.tcp.rawValue))
            ),
        ]
        return .object(own + timing(limits), isClosed: true)
    }

    static func services(_ limits: RequestLimits) -> Schema {
        let own: [Schema.Member] = [
            .optional("aggressive_scan", switched(off: "`-A`")),
            .optional("default_scripts", switched(off: "`-sC`")),
            .optional("os_detection", switched(off: "`-O`")),
            .optional("traceroute", switched(off: "`--traceroute`")),
            .optional("skip_host_discovery", .anything, "Taken and not used."),
            .optional("transport_protocol", .anything, "Taken and not used."),
        ]
        return .object(own + timing(limits), isClosed: true)
    }

    /// What may not be put in a schema: a lower bound must not exceed its upper one.
    private static func timing(_ limits: RequestLimits) -> [Schema.Member] {
        let highestRate = min(limits.rateCeiling ?? .max, TimingOptions.rateBounds.upperBound)
        let rates = Schema.integer(in: TimingOptions.rateBounds.lowerBound...highestRate).orNull
        let parallelism = Schema.integer(in: TimingOptions.parallelismBounds).orNull
        let timeout = Schema.integer(in: TimingOptions.rttTimeoutBounds).orNull
        return [
            .optional("dns_resolution", Schema.boolean.orNull),
            .optional("max_retries", Schema.integer(in: TimingOptions.retryBounds).orNull),
            .optional("min_parallelism", parallelism),
            .optional("max_parallelism", parallelism),
            .optional("min_rtt_timeout_ms", timeout),
            .optional("max_rtt_timeout_ms", Schema.integer(in: TimingOptions.maxRTTTimeoutBounds).orNull),
            .optional("initial_rtt_timeout_ms", timeout),
            .optional("min_rate", rates, "Packets a second."),
            .optional("max_rate", rates, "Packets a second."),
        ]
    }

    private static let host = Schema.string(format: "host", length: 1...254)
        .described("An address, a network, an IPv4 range (`192.0.2.1-9`), or a full host name.")
        .example("192.0.2.0/28")

    private static let ports = Schema.string(format: "ports")
        .described("A port, or a range of ports.")
        .example("1-1000")

    private static func switched(on description: String) -> Schema {
        Schema.boolean.orNull.defaulting(to: true).described(description)
    }

    private static func switched(off description: String) -> Schema {
        Schema.boolean.orNull.defaulting(to: false).described(description)
    }
}
