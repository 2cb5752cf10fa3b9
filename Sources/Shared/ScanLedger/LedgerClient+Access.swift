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
    /// Whether a caller may work in a project. Only an answer that shows this very project grants it.
    public func access(to project: ProjectID, callerToken: String) async throws(LedgerError) -> LedgerAccess {
        let call = Call(.get, "/projects/\(project)", deadline: Deadline.access, token: LedgerToken(callerToken))
        do throws(LedgerError) {
            let row = try decode(ProjectRow.self, from: try await send(call), of: call)
            guard row.id == project else {
                throw LedgerError(code: .unreadable, message: "\(call.name) was answered with another project")
            }
            return .granted
        } catch {
            switch error.code {
            case .unauthorised, .forbidden: return .denied
            case .notFound: return .unknownProject
            case .unavailable, .tooLarge, .rejected, .unreadable: throw error
            }
        }
    }

    /// Whether a project is there, as far as Tasker's own token sees.
    ///
    /// A 404 alone does not say that it is not: a proxy in front of ScanLedger answers so as well. ScanLedger's list of
    /// projects has to be without it.
    public func hasProject(_ project: ProjectID) async throws(LedgerError) -> Bool {
        let call = call(.get, "/projects/\(project)", deadline: Deadline.access)
        do throws(LedgerError) {
            let row = try decode(ProjectRow.self, from: try await send(call), of: call)
            guard row.id == project else {
                throw LedgerError(code: .unreadable, message: "\(call.name) was answered with another project")
            }
            return true
        } catch {
            guard error.code == .notFound else { throw error }
            let listing = self.call(.get, "/projects", deadline: Deadline.page)
            let rows = try decode([ProjectRow].self, from: try await send(listing), of: listing)
            guard !rows.contains(where: { $0.id == project }) else { throw error }
            return false
        }
    }

    /// Whether a caller's token is good, where no project is involved.
    public func authenticate(callerToken: String) async throws(LedgerError) -> Bool {
        let call = Call(.get, "/projects", deadline: Deadline.access, token: LedgerToken(callerToken))
        do {
            _ = try decode([ProjectRow].self, from: try await send(call), of: call)
            return true
        } catch {
            switch error.code {
            case .unauthorised, .forbidden: return false
            case .unavailable, .notFound, .tooLarge, .rejected, .unreadable: throw error
            }
        }
    }
}

/// The one field that matters of a project.
private struct ProjectRow: Decodable {
    let id: ProjectID
}
