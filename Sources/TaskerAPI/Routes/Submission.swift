import Foundation
import HTTPTypes
import ScanModel
import ScanStore

/// A scan on its way into the store.
struct Submission: Sendable {
    let id: ScanID
    let request: ScanRequest
    let access: ProjectAccess
    private let milliseconds: Int

    /// Gives the request an id.
    init(request: ScanRequest, access: ProjectAccess, at date: Date = Date()) {
        var generator = SystemRandomNumberGenerator()
        milliseconds = Int(date.timeIntervalSince1970 * 1_000)
        id = ScanID.make(atMilliseconds: UInt64(milliseconds), using: &generator)
        self.request = request
        self.access = access
    }

    /// Where the scan is to be seen.
    var location: String { "/tasks/\(access.project)/scans/\(id)" }

    /// Hands the scan over. Once this returns, it is accepted.
    ///
    /// Where the store's answer was lost, the scan itself is looked for: it must neither be said to be refused while it
    /// runs, nor the other way round.
    ///
    /// - Throws: a `StoreError` where the scan is not accepted; a 503 that names the scan where that is not known.
    func submit(to store: any ScanKeeping) async throws {
        do {
            try await store.submit(
                request,
                as: id,
                for: access.project,
                caller: access.caller.description,
                atMilliseconds: milliseconds
            )
        } catch {
            guard error.mayHaveBeenApplied else { throw error }
            guard try await isAccepted(by: store) else { throw error }
        }
    }

    private func isAccepted(by store: any ScanKeeping) async throws(APIError) -> Bool {
        do {
            return try await store.answer(for: id).state != nil
        } catch {
            var unknown = APIError.unavailable(
                "the store (Redis) went away; look for the scan before sending it again"
            )
            unknown.headers[.location] = location
            throw unknown
        }
    }
}
