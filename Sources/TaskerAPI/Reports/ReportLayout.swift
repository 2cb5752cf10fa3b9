import AddressSpace
import ScanModel
import ScanStore

/// The order of a report: targets by address, then refused addresses group by group, then names without an address. Every
/// entry has a place that does not change during the scan's life.
struct ReportLayout: Sendable {
    let report: ScanReport

    private let groups: [Group]
    private let firstName: UInt64

    /// The place after the last entry.
    let end: UInt64

    /// Refused addresses, and what all of them have in common.
    private struct Group: Sendable {
        let addresses: AddressSet
        let reason: String
        let coveringScan: String?
        let first: UInt64

        var end: UInt64 { first.addingSaturating(addresses.count) }
    }

    init(_ report: ScanReport) {
        self.report = report
        var groups: [Group] = []
        var place = UInt64(report.plan.count)
        for group in report.refusals.groups where !group.addresses.isEmpty {
            let next = Group(
                addresses: group.addresses,
                reason: group.reason.rawValue,
                coveringScan: group.coveringScan.map { "\($0)" },
                first: place
            )
            groups.append(next)
            place = next.end
        }
        self.groups = groups
        firstName = place
        end = place.addingSaturating(UInt64(report.refusals.unresolvable.count))
    }

    /// The entries of all targets of a chunk that stand as given.
    func targets(
        inChunk chunk: Int,
        _ standings: [TargetStanding],
        remarks: [Int: ScanReport.Remark]
    ) -> some Sequence<ReportEntry> {
        let first = chunk * ScanStore.outcomesPerChunk
        return zip(AddressWalk(report.plan.targets, from: UInt64(first)), standings.enumerated())
            .lazy.map { address, standing in
                target(at: address, standing.element, remarks.isEmpty ? nil : remarks[first + standing.offset])
            }
    }

    /// The entry of one target. What is remarked on a target is on its outcome, and is left out where the outcome was read too
    /// early to be there.
    func target(at address: IPAddress, _ standing: TargetStanding, _ remark: ScanReport.Remark?) -> ReportEntry {
        let remark = standing.isFinal ? remark : nil
        return ReportEntry(
            address: address,
            hostnames: report.plan.hostnames.isEmpty ? [] : report.plan.hostnames[address] ?? [],
            standing: standing,
            reason: remark?.reason?.rawValue,
            detail: remark?.detail
        )
    }

    /// The entries of refused addresses, from a place on.
    func refusedAddresses(from place: UInt64) -> some Sequence<ReportEntry> {
        groups.lazy.filter { place < $0.end }.flatMap { group in
            AddressWalk(group.addresses, from: max(place, group.first) - group.first).lazy.map { address in
                ReportEntry(
                    address: address,
                    hostnames: report.refusals.hostnames[address] ?? [],
                    standing: .refused,
                    reason: group.reason,
                    coveringScan: group.coveringScan
                )
            }
        }
    }

    /// The entries of names without an address, from a place on.
    func unresolvableNames(from place: UInt64) -> some Sequence<ReportEntry> {
        report.refusals.unresolvable.dropFirst(Int(clamping: max(place, firstName) - firstName)).lazy.map { name in
            ReportEntry(hostnames: [name], standing: .refused, reason: RefusalReason.unresolvable.rawValue)
        }
    }
}

extension ReportLayout {
    /// About how many bytes of memory it takes.
    var byteCount: Int {
        let refusals = report.refusals
        return Self.byteCount(of: report.plan.targets) + Self.byteCount(of: report.plan.hostnames)
            + refusals.groups.reduce(0) { $0 + Self.byteCount(of: $1.addresses) }
            + Self.byteCount(of: refusals.hostnames) + Self.byteCount(of: refusals.unresolvable)
    }

    private static func byteCount(of addresses: AddressSet) -> Int {
        addresses.ranges.count * MemoryLayout<AddressRange>.stride
    }

    /// A dictionary is between three and six eighths full; an array begins with a header of 32 bytes.
    private static func byteCount(of hostnames: [IPAddress: [String]]) -> Int {
        let entry = 2 * MemoryLayout<(IPAddress, [String])>.stride + 32
        return hostnames.values.reduce(0) { $0 + entry + byteCount(of: $1) }
    }

    /// A string of more than 15 bytes has a buffer of its own, with a header of 32 bytes.
    private static func byteCount(of names: [String]) -> Int {
        names.reduce(0) { $0 + MemoryLayout<String>.stride + 32 + $1.utf8.count }
    }
}

extension TargetStanding {
    /// Whether a target that stands like this does not go on.
    fileprivate var isFinal: Bool {
        switch self {
        case .pending, .inFlight, .parked: false
        case .done, .donePartial, .failed, .cancelled, .refused: true
        }
    }
}
