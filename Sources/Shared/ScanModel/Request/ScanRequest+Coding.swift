import Nmap

/// How a request is stored. Fields that say nothing are left out, and read as if not said.
extension ScanRequest: Codable {
    private enum CodingKeys: String, CodingKey {
        case hosts, exclude, openPorts, services, timeout, includeServices, singleResolve, mode, trackHistory, priority
        case isDryRun, requeues
    }

    /// Reads what `encode(to:)` writes.
    public init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: CodingKeys.self)
        self.init(
            hosts: try container.decode([String].self, forKey: .hosts),
            openPorts: try container.decode(OpenPortsOptions.self, forKey: .openPorts),
            services: try container.decode(ServiceOptions.self, forKey: .services),
            timeout: try container.decode(Int.self, forKey: .timeout),
            includeServices: try container.decode(Bool.self, forKey: .includeServices),
            singleResolve: try container.decode(Bool.self, forKey: .singleResolve),
            mode: try container.decode(ImportMode.self, forKey: .mode),
            trackHistory: try container.decode(Bool.self, forKey: .trackHistory)
        )
        exclude = try container.decodeIfPresent([String].self, forKey: .exclude) ?? []
        priority = try container.decodeIfPresent(Int.self, forKey: .priority) ?? Self.standardPriority
        isDryRun = try container.decodeIfPresent(Bool.self, forKey: .isDryRun) ?? false
        requeues = try container.decodeIfPresent(Requeue.self, forKey: .requeues)
    }

    /// Writes every field; those that are as if not said are left out.
    public func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: CodingKeys.self)
        try container.encode(hosts, forKey: .hosts)
        if !exclude.isEmpty { try container.encode(exclude, forKey: .exclude) }
        try container.encode(openPorts, forKey: .openPorts)
        try container.encode(services, forKey: .services)
        try container.encode(timeout, forKey: .timeout)
        try container.encode(includeServices, forKey: .includeServices)
        try container.encode(singleResolve, forKey: .singleResolve)
        try container.encode(mode, forKey: .mode)
        try container.encode(trackHistory, forKey: .trackHistory)
        if priority != Self.standardPriority { try container.encode(priority, forKey: .priority) }
        if isDryRun { try container.encode(isDryRun, forKey: .isDryRun) }
        try container.encodeIfPresent(requeues, forKey: .requeues)
    }
}
