/// Who chains the phases of a target.
public enum PhaseChainingChoice: String, Hashable, Sendable, CaseIterable {
    /// Decided for each scan at its first dispatch, by the workers that are alive.
    case auto
    /// The coordinator, with Tasker's reference workers.
    case coordinator
    /// The worker, as existing Falcoria workers do.
    case worker
}

/// How much work is handed out at a time, and how.
public struct DispatchSettings: Hashable, Sendable {
    /// The fewest targets in flight while a worker is alive.
    public var windowMinimum: Int
    /// The most targets in flight.
    public var windowMaximum: Int
    /// Targets in flight for each process of the workers.
    public var windowPerSlot: Int
    /// The most attempts at one task.
    public var maxAttempts: Int
    /// The most open ports of a host whose services are looked at.
    public var maxServicePorts: Int

    /// Who chains the phases of a target.
    public var phaseChaining: PhaseChainingChoice

    init(_ read: inout SettingsReader) {
        windowMinimum = read(Self.windowMinimum)
        windowMaximum = read(Self.windowMaximum)
        windowPerSlot = read(Self.windowPerSlot)
        maxAttempts = read(Self.maxAttempts)
        maxServicePorts = read(Self.maxServicePorts)
        phaseChaining = read(Self.phaseChaining)
        read.check(windowMinimum <= windowMaximum, Self.windowMinimum, "is more than window_max")
    }

    static let windowMinimum = Setting(
        "window_min",
        .integer(1...65_536),
        standard: 16,
        "Fewest targets in flight while a worker is alive."
    )
    static let windowMaximum = Setting(
        "window_max",
        .integer(1...65_536),
        standard: 4_096,
        "Most targets in flight."
    )
    static let windowPerSlot = Setting(
        "window_per_slot",
        .integer(1...100),
        standard: 3,
        "Targets in flight for each process of the workers, between window_min and window_max."
    )
    static let maxAttempts = Setting(
        "max_attempts",
        .integer(1...10),
        standard: 3,
        "Most attempts at one task before its target fails."
    )
    static let maxServicePorts = Setting(
        "max_service_ports",
        .integer(1...65_535),
        standard: 1_000,
        "Most open ports of a host whose services are looked at; beyond it the host is done in part."
    )

    static let phaseChaining = Setting(
        "phase_chaining",
        .word(PhaseChainingChoice.self),
        standard: .auto,
        "Who chains the phases of a target: coordinator (reference workers), worker (existing Falcoria workers), or auto:"
            + " decided for each scan by the workers that are alive."
    )

    static let entries = [
        windowMinimum.entry(.coordinator), windowMaximum.entry(.coordinator), windowPerSlot.entry(.coordinator),
        maxAttempts.entry(.coordinator), maxServicePorts.entry(.coordinator),
        phaseChaining.entry(.coordinator),
    ]
}
