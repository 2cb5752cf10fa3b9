/// Who leads a target from the first phase to the second: how tasks of a scan are worded, and who imports what they find.
public enum PhaseChaining: String, Hashable, Sendable, Codable, CaseIterable {
    /// The coordinator: one task for each phase, and the reports come back to it.
    case coordinator
    /// The worker, as Falcoria's own do: one task for the whole target, and the worker brings its findings to ScanLedger.
    case worker
}
