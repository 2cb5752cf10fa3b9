/// What a process answers to `/readyz`: whether it can do its work, and how what it depends on is.
public struct ReadinessReport: Encodable, Hashable, Sendable {
    /// What the process is good for.
    public enum Status: String, Encodable, Hashable, Sendable {
        /// A replica that can do all of its work.
        case ready
        /// A replica that can do some of its work.
        case degraded
        /// A coordinator that waits to lead.
        case standby
        /// A coordinator that leads.
        case leading
        /// A process that can do nothing; why is in the detail.
        case unready
    }

    /// How a server is on which the process depends.
    public enum Dependency: String, Encodable, Hashable, Sendable {
        /// It answers.
        case ok
        /// It does not.
        case away
        /// Nobody has asked it yet.
        case unknown
    }

    /// What the process is good for.
    public var status: Status
    /// Why it is not good for more; nil where it is.
    public var detail: String?
    /// The installation that the process works for; nil where it has seen none.
    public var installation: String?
    /// The term of a coordinator that leads.
    public var epoch: Int64?
    /// The servers by name.
    public var dependencies: [String: Dependency]
    /// What works, but not as it should.
    public var warnings: [String]

    /// A report of the given parts.
    public init(
        status: Status,
        detail: String? = nil,
        installation: String? = nil,
        epoch: Int64? = nil,
        dependencies: [String: Dependency],
        warnings: [String] = []
    ) {
        self.status = status
        self.detail = detail
        self.installation = installation
        self.epoch = epoch
        self.dependencies = dependencies
        self.warnings = warnings
    }

    /// Whether the process can do its work, or some of it.
    public var isReady: Bool { status != .unready }
}
