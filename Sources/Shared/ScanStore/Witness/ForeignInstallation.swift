/// Redis holds other data than that of the installation that a process works for, or none.
public struct ForeignInstallation: Hashable, Sendable, CustomStringConvertible {
    /// The installation that the process works for.
    public let expected: String
    /// The one that is there; nil for none.
    public let found: String?

    /// What is wrong and what a person can do, in words.
    public var description: String {
        "Redis holds \(found.map { "installation \($0)" } ?? "no installation's data") instead of installation"
            + " \(expected); nothing is done until that is put back, or given up by"
            + " 'TaskerCoordinator accept-installation \(expected)'"
    }
}
