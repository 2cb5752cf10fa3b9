import AddressSpace
import ScanModel

extension TargetSelection {
    /// The answer to the request: exact counts, and the first entries of the lists.
    ///
    /// - Parameter isDryRun: only the plan was wanted.
    func answer(for scan: ScanID, isDryRun: Bool = false) -> PlanAnswer {
        let state = isDryRun ? ScanState.dryRun : targets.isEmpty ? .completed : .running
        let limit = PlanAnswer.inlineLimit
        var prepared: [String: PreparedTarget] = [:]
        var mappings: [InputMapping] = []
        var seen: Set<HostSpecification> = []
        entries: for entry in requested.entries {
            // An entry that is there again can only add a mapping.
            guard seen.insert(entry.specification).inserted || mappings.count < limit else { continue }
            for row in rows(of: entry.specification, atMost: limit) {
                if mappings.count == limit && prepared.count == limit { break entries }
                if mappings.count < limit {
                    mappings.append(
                        InputMapping(input: entry.input, scannedIP: row.key, hostnames: row.target.hostnames)
                    )
                }
                if prepared.count < limit || prepared[row.key] != nil { prepared[row.key] = row.target }
            }
        }
        return PlanAnswer(
            summary: summary,
            preparedTargets: prepared,
            inputToScan: mappings,
            scanID: scan,
            state: state,
            preparedTargetsTotal: Int(clamping: considered.count.addingSaturating(UInt64(resolved.unresolvable.count))),
            inputToScanTotal: mappingTotal
        )
    }

    private func rows(
        of specification: HostSpecification,
        atMost limit: Int
    ) -> [(key: String, target: PreparedTarget)] {
        switch specification {
        case .addresses(let range):
            let addresses = AddressSet([range])
            return (0..<min(UInt64(limit), addresses.count)).map { row(of: addresses[$0]) }
        case .hostname(let name):
            guard let addresses = resolved.addresses[name] else {
                return [(name, PreparedTarget(hostnames: [name], reason: .unresolvable))]
            }
            return addresses.prefix(limit).map { row(of: $0) }
        }
    }

    private func row(of address: IPAddress) -> (key: String, target: PreparedTarget) {
        let refusal = refusal(of: address)
        let target = PreparedTarget(
            hostnames: hostnames[address] ?? [],
            reason: refusal?.reason,
            coveringScan: refusal?.coveringScan
        )
        return ("\(address)", target)
    }

    /// How many mappings there are in all: one for each entry and address.
    private var mappingTotal: Int {
        let total = requested.entries.reduce(into: UInt64(0)) { total, entry in
            switch entry.specification {
            case .addresses(let range): total = total.addingSaturating(range.count)
            case .hostname(let name):
                total = total.addingSaturating(UInt64(max(1, resolved.addresses[name]?.count ?? 0)))
            }
        }
        return Int(clamping: total)
    }
}
