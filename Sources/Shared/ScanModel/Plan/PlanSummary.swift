/// The counts of a plan: `considered = planned + refused`, where `considered` is what is left of `provided` after
/// duplicates, and names that lead to the same address, are counted once.
public struct PlanSummary: Hashable, Sendable, Codable {
    /// Addresses and names in the request, each as often as it occurs; a network counts with its addresses. Saturates.
    public var provided = 0
    /// Of those, repeats.
    public var duplicatesRemoved = 0
    /// Distinct addresses, those that names led to included.
    public var resolvedIPs = 0
    /// Names that led to an address the request has already, by itself or by another name.
    public var hostnamesCollapsed = 0
    /// What is not scanned, by reason.
    public var refused: [RefusalReason: Int]
    /// Targets of the plan.
    public var sentToScan = 0

    /// All zero.
    public init() {
        refused = [:]
    }

    /// How much is refused in all. Saturates.
    public var refusedTotal: Int {
        refused.values.reduce(0) { total, count in
            let (sum, overflow) = total.addingReportingOverflow(count)
            return overflow ? .max : sum
        }
    }

    private enum CodingKeys: String, CodingKey {
        case provided
        case duplicatesRemoved = "duplicates_removed"
        case resolvedIPs = "resolved_ips"
        case hostnamesCollapsed = "hostnames_collapsed_to_ip"
        case refused
        case sentToScan = "sent_to_scan"
    }

    /// Reads the fields of the contract.
    public init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: CodingKeys.self)
        provided = try container.decode(Int.self, forKey: .provided)
        duplicatesRemoved = try container.decode(Int.self, forKey: .duplicatesRemoved)
        resolvedIPs = try container.decode(Int.self, forKey: .resolvedIPs)
        hostnamesCollapsed = try container.decode(Int.self, forKey: .hostnamesCollapsed)
        sentToScan = try container.decode(Int.self, forKey: .sentToScan)
        let byName = try container.decode([String: Int].self, forKey: .refused)
        refused = [:]
        for (name, count) in byName {
            if let reason = RefusalReason(rawValue: name), count > 0 { refused[reason] = count }
        }
    }

    /// Writes the fields of the contract; every reason is there, also with 0.
    public func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: CodingKeys.self)
        try container.encode(provided, forKey: .provided)
        try container.encode(duplicatesRemoved, forKey: .duplicatesRemoved)
        try container.encode(resolvedIPs, forKey: .resolvedIPs)
        try container.encode(hostnamesCollapsed, forKey: .hostnamesCollapsed)
        try container.encode(sentToScan, forKey: .sentToScan)
        let byName = RefusalReason.allCases.map { ($0.rawValue, refused[$0] ?? 0) }
        try container.encode(Dictionary(uniqueKeysWithValues: byName), forKey: .refused)
    }
}
