import AddressSpace
import Foundation
import PropertyTesting
import ScanModel
import ScanStore
import Testing

@testable import TaskerCoordinator

/// The planner against a list of addresses, walked one by one: what the original did, and what nobody can afford.
struct NaiveSelectionTests {
    private static let base: UInt32 = 0x1400_0000
    private static let size: UInt32 = 64
    private static let project = ProjectID(UUID())

    /// A set of addresses of the universe, as ranges and as a list.
    private struct Piece {
        let text: String
        let values: [UInt32]
    }

    private static func piece(_ random: inout some RandomNumberGenerator) -> Piece {
        let lower = UInt32.random(in: 0..<size, using: &random)
        switch Int.random(in: 0..<3, using: &random) {
        case 0: return Piece(text: "\(IPAddress.v4(base + lower))", values: [lower])
        case 1:
            let upper = UInt32.random(in: lower..<size, using: &random)
            return Piece(
                text: "\(IPAddress.v4(base + lower))-\(IPAddress.v4(base + upper))",
                values: Array(lower...upper)
            )
        default:
            let bits = UInt32.random(in: 0...5, using: &random)
            let first = (lower >> bits) << bits
            let last = first + (1 << bits) - 1
            let hosts = bits >= 2 ? Array(first + 1..<last) : Array(first...last)
            return Piece(text: "\(IPAddress.v4(base + lower))/\(32 - bits)", values: hosts)
        }
    }

    private static func set(_ values: Set<UInt32>) -> AddressSet {
        AddressSet(values.map { AddressRange(.v4(base + $0)) })
    }

    /// A scan in the middle of its life: a random plan, a random cursor, and random tasks before it.
    private static func active(_ random: inout some RandomNumberGenerator) -> (scan: ActiveScan, open: Set<UInt32>) {
        let targets = set(Set((0..<size).filter { _ in Bool.random(using: &random) }))
        let plan = Plan(targets: targets, hostnames: [:], seed: random.next())
        let cursor = Int.random(in: 0...plan.count, using: &random)
        let order = DispatchOrder(count: UInt64(plan.count), seed: plan.seed)
        let id = ScanID(UUID())
        var open: Set<UInt32> = []
        var tasks: [ActiveScan.Task] = []
        for position in 0..<plan.count {
            let target = Int(order[UInt64(position)])
            guard case .v4(let value) = plan.address(of: target) else { continue }
            let isOpen = position >= cursor || Int.random(in: 0..<3, using: &random) == 0
            if isOpen { open.insert(value - base) }
            if isOpen, position < cursor {
                let task = TaskReference(scan: id, target: target, phase: .openPorts, attempt: 1)
                let state: TaskState = Bool.random(using: &random) ? .queued : .parked
                tasks.append(.init(task: task, state: state, since: 0, worker: nil))
            }
        }
        let accepted = ActiveScan.accepted([], id: id)
        let scan = ActiveScan(
            id: id,
            project: project,
            request: accepted.request,
            state: .running,
            isStopRequested: false,
            isPaused: false,
            plan: plan,
            cursor: cursor,
            tasks: tasks
        )
        return (scan, open)
    }

    @Test("planned and refused counts equal a naive enumeration, for overlapping scans in flight too")
    func counts() async throws {
        var random = SeededGenerator(seed: 20_261_123)
        for round in 0..<10_000 {
            let hosts = (0..<Int.random(in: 1...4, using: &random)).map { _ in Self.piece(&random) }
            let closed = Set((0..<3).map { _ in UInt32.random(in: 0..<Self.size, using: &random) })
            let known = Set((0..<6).map { _ in UInt32.random(in: 0..<Self.size, using: &random) })
            let others = (0..<Int.random(in: 0...2, using: &random)).map { _ in Self.active(&random) }

            var reasons: [UInt32: RefusalReason?] = [:]
            for value in hosts.flatMap(\.values) {
                reasons[value] =
                    closed.contains(value)
                    ? .forbidden
                    : known.contains(value)
                        ? .alreadyInScanLedger
                        : others.contains { $0.open.contains(value) } ? .alreadyInQueue : RefusalReason?.none
            }

            let world = PlanningWorld()
            world.change { $0.known = Self.set(known) }
            let scan = ActiveScan.accepted(hosts.map(\.text), project: Self.project, mode: .insert) {
                $0.exclude = closed.map { "\(IPAddress.v4(Self.base + $0))" }
            }
            let book = ScanBook(politeness: PolitenessLimits(perTarget: 0, perNetwork: 0))
            for other in others { await book.adopt(other.scan) }
            let coverage = await Coverage.of(Self.set(Set(0..<Self.size)), beside: scan, in: book)
            try await PlanningLife(world).plan(scan, beside: coverage)

            let committed = try #require(world.content.committed)
            let planned = Set(reasons.filter { $0.value == nil }.keys)
            #expect(committed.plan.targets == Self.set(planned), "round \(round)")
            let refused = Dictionary(grouping: reasons.values.compactMap { $0 }, by: \.self).mapValues(\.count)
            #expect(committed.answer.summary.refused == refused, "round \(round)")
            #expect(committed.answer.summary.provided == hosts.reduce(0) { $0 + $1.values.count })
            #expect(committed.answer.summary.resolvedIPs == reasons.count)
            for group in committed.refusals.groups where group.reason == .alreadyInQueue {
                let covering = try #require(others.first { $0.scan.id == group.coveringScan })
                #expect(group.addresses.subtracting(Self.set(covering.open)).isEmpty)
            }
            guard committed.plan.targets == Self.set(planned) else { return }
        }
    }
}
