import AddressSpace
import Nmap
import ScanModel

/// Turns the body of run-nmap into a request, or says everything that is wrong with it.
struct ScanRequestReader {
    private let limits: RequestLimits
    private let issues = IssueCollector()

    private init(limits: RequestLimits) {
        self.limits = limits
    }

    /// Reads a body.
    ///
    /// - Throws: a 422 that names every entry at fault, up to `IssueCollector.limit`.
    static func read(_ body: [UInt8], limits: RequestLimits) throws(APIError) -> ScanRequest {
        let value = try JSONValue(body: body, maximumValues: limits.values)
        let reader = ScanRequestReader(limits: limits)
        guard let request = reader.request(value), reader.issues.issues.isEmpty else {
            throw .invalid(reader.issues.issues)
        }
        return request
    }

    private func request(_ value: JSONValue) -> ScanRequest? {
        guard value != .null else {
            issues.add("missing", at: ["body"], "Field required")
            return nil
        }
        let fields = ScanRequestSchema.bodyFields
        guard let body = ObjectReader(value, at: ["body"], fields: fields, issues: issues) else { return nil }
        let hosts = hosts(body)
        let exclude = body.texts("exclude", count: 0...limits.hosts) { text throws(HostSyntaxError) in
            _ = try HostSpecification(parsing: text, networks: .whole)
        } message: {
            $0.message
        }
        let openPorts = openPorts(body)
        let services = services(body)
        let timeout = body.integer("timeout", in: ScanRequest.timeoutBounds, isRequired: true)
        let includeServices = body.bool("include_services", isRequired: true)
        let singleResolve = body.bool("single_resolve") ?? false
        let mode = body.choice("mode", of: ImportMode.self, isRequired: true)
        let trackHistory = body.bool("track_history") ?? true
        let priority = body.integer("priority", in: ScanRequest.priorityBounds)
        let isDryRun = body.bool("dry_run") ?? false
        guard let hosts, let exclude, let openPorts, let services, let timeout, let includeServices, let mode else {
            return nil
        }
        var request = ScanRequest(
            hosts: hosts,
            openPorts: openPorts,
            services: services,
            timeout: timeout,
            includeServices: includeServices,
            singleResolve: singleResolve,
            mode: mode,
            trackHistory: trackHistory
        )
        request.exclude = exclude
        request.priority = priority ?? ScanRequest.standardPriority
        request.isDryRun = isDryRun
        return request
    }

    private func hosts(_ body: ObjectReader) -> [String]? {
        var entries: [RequestedTargets.Entry] = []
        let texts = body.texts("hosts", count: 1...limits.hosts) { text throws(HostSyntaxError) in
            entries.append(.init(input: text, specification: try HostSpecification(parsing: text)))
        } message: {
            $0.message
        }
        guard let texts else { return nil }
        if let excess = TargetLimit(UInt64(limits.targets)).excess(of: RequestedTargets(entries).distinct) {
            issues.add("too_many_targets", at: body.place(of: "hosts"), excess)
            return nil
        }
        return texts
    }

    private func openPorts(_ body: ObjectReader) -> OpenPortsOptions? {
        let fields = ScanRequestSchema.openPortsFields
        guard let options = section("open_ports_opts", of: body, fields: fields) else { return nil }
        let timing = timing(options)
        let skipHostDiscovery = options.bool("skip_host_discovery") ?? true
        let transportProtocol = options.choice("transport_protocol", of: TransportProtocol.self) ?? .tcp
        let texts = options.texts("ports", count: 1...limits.ports) { text throws(PortSyntaxError) in
            _ = try PortSet(parsing: [text])
        } message: {
            $0.message
        }
        guard let texts, let ports = try? PortSet(parsing: texts) else { return nil }
        guard ports.nmapList.utf8.count <= limits.portListBytes else {
            issues.add(
                "too_long",
                at: options.place(of: "ports"),
                "Ports take more than \(limits.portListBytes) characters as an argument of nmap; use ranges"
            )
            return nil
        }
        return OpenPortsOptions(
            timing: timing,
            skipHostDiscovery: skipHostDiscovery,
            transportProtocol: transportProtocol,
            ports: ports
        )
    }

    /// `skip_host_discovery` and `transport_protocol` are let through and not used, as by the original: services are
    /// asked of hosts known to be up, by the protocol of the first phase.
    private func services(_ body: ObjectReader) -> ServiceOptions? {
        let fields = ScanRequestSchema.servicesFields
        guard let options = section("service_opts", of: body, fields: fields) else { return nil }
        return ServiceOptions(
            timing: timing(options),
            aggressiveScan: options.bool("aggressive_scan") ?? false,
            defaultScripts: options.bool("default_scripts") ?? false,
            osDetection: options.bool("os_detection") ?? false,
            traceroute: options.bool("traceroute") ?? false
        )
    }

    private func section(_ name: String, of body: ObjectReader, fields: [String]) -> ObjectReader? {
        guard let value = body.member(name, isRequired: true) else { return nil }
        return ObjectReader(value, at: body.place(of: name), fields: fields, issues: issues)
    }

    private func timing(_ options: ObjectReader) -> TimingOptions {
        let timing = TimingOptions(
            dnsResolution: options.bool("dns_resolution"),
            maxRetries: options.integer("max_retries", in: TimingOptions.retryBounds),
            minParallelism: options.integer("min_parallelism", in: TimingOptions.parallelismBounds),
            maxParallelism: options.integer("max_parallelism", in: TimingOptions.parallelismBounds),
            minRTTTimeoutMilliseconds: options.integer("min_rtt_timeout_ms", in: TimingOptions.rttTimeoutBounds),
            maxRTTTimeoutMilliseconds: options.integer("max_rtt_timeout_ms", in: TimingOptions.maxRTTTimeoutBounds),
            initialRTTTimeoutMilliseconds: options.integer(
                "initial_rtt_timeout_ms",
                in: TimingOptions.rttTimeoutBounds
            ),
            minRate: options.integer("min_rate", in: TimingOptions.rateBounds),
            maxRate: options.integer("max_rate", in: TimingOptions.rateBounds)
        )
        var problems = timing.problems.map { ($0.field, $0.message) }
        if let lower = timing.minRTTTimeoutMilliseconds, let upper = timing.maxRTTTimeoutMilliseconds, lower > upper {
            problems.append(("min_rtt_timeout_ms", "must not exceed max_rtt_timeout_ms"))
        }
        for (field, rate) in [("min_rate", timing.minRate), ("max_rate", timing.maxRate)] {
            if let rate, let ceiling = limits.rateCeiling, rate > ceiling {
                problems.append((field, "must not exceed \(ceiling), the most that max_rate_ceiling permits here"))
            }
        }
        for (field, message) in problems {
            let input = options.member(field) ?? .null
            issues.add("value_error", at: options.place(of: field), "Value error, \(message)", input: input)
        }
        return timing
    }
}
