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

    /// The entries of all targets of a chunk.
    func targets(inChunk chunk: Int, outcomes: [UInt8]) -> some Sequence<ReportEntry> {
        let first = chunk * ScanStore.outcomesPerChunk
        let standings = report.standings(inChunk: chunk, outcomes: outcomes)
        return zip(AddressWalk(report.plan.targets, from: UInt64(first)), standings.enumerated())
            .lazy.map { address, standing in
                target(first + standing.offset, at: address, standing.element)
            }
    }

    /// The entry of one target.
    func target(_ target: Int, at address: IPAddress, _ standing: TargetStanding) -> ReportEntry {
        let remark = report.remarks.isEmpty ? nil : report.remarks[target]
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
