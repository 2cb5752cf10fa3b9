import ScanModel
import ScanStore

/// Proof that a caller may work in a project.
struct ProjectAccess: Sendable {
    let project: ProjectID
    let caller: CallerID
    /// The same as the project's audit has it, with where the request came from.
    let requester: Requester
}
