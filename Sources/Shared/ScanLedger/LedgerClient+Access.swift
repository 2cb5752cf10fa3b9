import HTTPTransport
public import ScanModel

/// What ScanLedger says about a caller and a project.
public enum LedgerAccess: Hashable, Sendable {
    /// The caller may work in the project.
    case granted
    /// The token is bad, or the project is not the caller's.
    case denied
    /// There is no such project; only administrators are told.
    case unknownProject
}

extension LedgerClient {
    /// Whether a caller may work in a project.
    public func access(to project: ProjectID, callerToken: String) async throws(LedgerError) -> LedgerAccess {
        do {
            _ = try await send(
                Call(.get, "/projects/\(project)", deadline: Deadline.access, token: callerToken)
            )
            return .granted
        } catch {
            switch error.code {
            case .unauthorised, .forbidden: return .denied
            case .notFound: return .unknownProject
            case .unavailable, .tooLarge, .rejected, .unreadable: throw error
            }
        }
    }

    /// Whether a caller's token is good, where no project is involved.
    public func authenticate(callerToken: String) async throws(LedgerError) -> Bool {
        do {
            _ = try await send(Call(.get, "/projects", deadline: Deadline.access, token: callerToken))
            return true
        } catch {
            switch error.code {
            case .unauthorised, .forbidden: return false
            case .unavailable, .notFound, .tooLarge, .rejected, .unreadable: throw error
            }
        }
    }
}
