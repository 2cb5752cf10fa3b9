import Hummingbird
import ScanModel

extension APIContext {
    /// The scan that the path names.
    ///
    /// - Throws: 422 where that is no UUID.
    func scanID() throws(APIError) -> ScanID {
        let text = parameters.get("scan_id") ?? ""
        guard let id = ScanID(text) else { throw .invalid([.badUUID(text, parameter: "scan_id")]) }
        return id
    }
}
