import ScanModel
import ScanStore

/// The answer of the audit route.
struct AuditAnswer: Encodable {
    let entries: [Entry]
    let next: String?

    struct Entry: Encodable {
        let id: String
        let at: String
        let action: String
        let caller: String
        let address: String?
        let requestID: String
        let scans: [ScanID]
        let scansTotal: Int
        let hosts: Int?
        let requeues: ScanID?

        private enum CodingKeys: String, CodingKey {
            case id, at, action, caller, address, scans, hosts, requeues
            case requestID = "request_id"
            case scansTotal = "scans_total"
        }
    }

    /// The first of these entries.
    ///
    /// - Parameter limit: how many; where there are more, the answer says how to go on.
    init(_ entries: [AuditEntry], limit: Int) {
        self.entries = entries.prefix(limit).map(Entry.init)
        next = entries.count > limit ? "\(entries[limit - 1].id)" : nil
    }
}

extension AuditAnswer.Entry {
    fileprivate init(_ entry: AuditEntry) {
        id = "\(entry.id)"
        at = Timestamp.text(entry.milliseconds)
        action = entry.action.rawValue
        caller = entry.requester.caller
        address = entry.requester.address
        requestID = entry.requester.request
        scans = entry.scans
        scansTotal = entry.scanCount
        hosts = entry.hosts
        requeues = entry.requeues
    }
}

extension AuditAnswer {
    static let schema = Schema.object([
        .required("entries", .array(of: Entry.schema), "Latest first."),
        .optional("next", .string(), "What to give as `after` for the next page."),
    ]).named("Audit")
}

extension AuditAnswer.Entry {
    fileprivate static let schema = Schema.object([
        .required("id", .string()), .required("at", .time),
        .required("action", .choice(of: AuditEntry.Action.self)),
        .required("caller", .string(), "A shortened keyed hash of the token."),
        .optional("address", .string(), "Where the request came from."),
        .required("request_id", .string()),
        .required("scans", .array(of: .uuid), "The first scans that it was done to."),
        .required("scans_total", .count),
        .optional("hosts", .count, "Entries of the request's `hosts`."),
        .optional("requeues", .uuid, "The scan that was taken up again."),
    ]).named("AuditEntry")
}
