import ScanModel

/// Proof that a caller may work in a project.
struct ProjectAccess: Sendable {
    let project: ProjectID
    let caller: CallerID
}
