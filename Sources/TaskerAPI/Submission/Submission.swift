import Foundation
import HTTPTypes
import ScanModel
import ScanStore

/// A scan on its way into the store.
struct Submission: Sendable {
    let request: ScanRequest
    let access: ProjectAccess
    private let key: IdempotencyKey?
    private let id: ScanID
    private let milliseconds: Int

    /// Gives the request an id.
    init(request: ScanRequest, access: ProjectAccess, key: IdempotencyKey?, at date: Date = Date()) {
        var generator = SystemRandomNumberGenerator()
        milliseconds = Int(date.timeIntervalSince1970 * 1_000)
        id = ScanID.make(atMilliseconds: UInt64(milliseconds), using: &generator)
        self.request = request
        self.access = access
        self.key = key
    }

    /// Hands the scan over. Once this returns, it is accepted, or an earlier one under the same key is.
    ///
    /// Where the store's answer was lost, the scan itself is looked for: it must neither be said to be refused while it
    /// runs, nor the other way round.
    ///
    /// - Throws: a `StoreError` where the scan is not accepted; a 503 that names the scan where that is not known.
    func submit(to store: any ScanKeeping) async throws -> AcceptedScan {
        do {
            let accepted = try await store.submit(
                request,
                as: id,
                for: access.project,
                by: access.requester,
                idempotencyKey: key?.text,
                atMilliseconds: milliseconds
            )
            return AcceptedScan(id: accepted, project: access.project, isReplay: accepted != id)
        } catch {
            guard error.mayHaveBeenApplied else { throw error }
            let accepted = AcceptedScan(id: id, project: access.project, isReplay: false)
            guard try await isAccepted(accepted, by: store) else { throw error }
            return accepted
        }
    }

    private func isAccepted(_ scan: AcceptedScan, by store: any ScanKeeping) async throws(APIError) -> Bool {
        do {
            return try await store.answer(for: scan.id).state != nil
        } catch {
            var unknown = APIError.unavailable(
                "the store (Redis) went away; look for the scan before sending it again"
            )
            unknown.headers[.location] = scan.location
            throw unknown
        }
    }
}
