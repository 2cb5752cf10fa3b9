/// What the second phase does beyond asking each open port for its service and version.
public struct ServiceOptions: Codable, Hashable, Sendable {
    /// Pace and patience.
    public var timing: TimingOptions

    /// `-A`: OS detection, default scripts and traceroute together.
    public var aggressiveScan: Bool

    /// `-sC`: the default scripts.
    public var defaultScripts: Bool

    /// `-O`: operating system detection.
    public var osDetection: Bool

    /// `--traceroute`: the path to the host.
    public var traceroute: Bool

    /// Makes options that ask for services and versions only, unless told more.
    public init(
        timing: TimingOptions = TimingOptions(),
        aggressiveScan: Bool = false,
        defaultScripts: Bool = false,
        osDetection: Bool = false,
        traceroute: Bool = false
    ) {
        self.timing = timing
        self.aggressiveScan = aggressiveScan
        self.defaultScripts = defaultScripts
        self.osDetection = osDetection
        self.traceroute = traceroute
    }
}
