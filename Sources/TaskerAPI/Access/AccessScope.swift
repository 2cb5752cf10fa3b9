import ScanModel

/// What a caller wants to get at.
enum AccessScope: Hashable, Sendable {
    /// One project.
    case project(ProjectID)
    /// What every caller may see.
    case anyCaller
}
