/// Every setting with its standard and its meaning: the source of `--help`, the README's table and `.env.example`.
public enum SettingsReference {
    /// The processes that read a setting.
    public enum Processes: String, Hashable, Sendable {
        /// Both.
        case all = "both"
        /// API replicas.
        case api = "API"
        /// Coordinators.
        case coordinator
    }

    /// One setting.
    public struct Entry: Hashable, Sendable {
        /// Its name, to be written in either case.
        public let name: String
        /// What it is when not set, as it would be written; empty for nothing.
        public let defaultText: String
        /// What it may be.
        public let allowed: String
        /// What it is for.
        public let meaning: String
        /// Whether nothing starts without it.
        public let isRequired: Bool
        /// Whether its value is never shown.
        public let isSecret: Bool
        /// Who reads it.
        public let processes: Processes
    }

    /// Settings that belong together.
    public struct Group: Hashable, Sendable {
        /// What they are about.
        public let title: String
        /// The settings.
        public let entries: [Entry]
    }

    /// All settings by subject.
    public static let groups = [
        Group(title: "ScanLedger", entries: ScanLedgerSettings.entries),
        Group(title: "Redis", entries: RedisSettings.entries),
        Group(title: "RabbitMQ", entries: RabbitMQSettings.entries),
        Group(title: "Deployment and logs", entries: DeploymentSettings.entries + LogSettings.entries),
        Group(title: "API", entries: APISettings.entries + RateSettings.entries + EventSettings.entries),
        Group(title: "What may be scanned", entries: ScopeSettings.entries),
        Group(title: "Host names", entries: DNSSettings.entries),
        Group(
            title: "Dispatch",
            entries: DispatchSettings.entries + [CoordinatorSettings.workerIPUpdateTTL.entry(.coordinator)]
        ),
        Group(title: "Politeness", entries: PolitenessSettings.entries),
        Group(
            title: "Leadership and health of coordinators",
            entries: LeadershipSettings.entries
                + [CoordinatorSettings.host.entry(.coordinator), CoordinatorSettings.port.entry(.coordinator)]
        ),
    ]

    /// All settings.
    public static let entries = groups.flatMap(\.entries)
}
