import AddressSpace
import Foundation
import ScanModel
import Testing

@testable import TaskerCoordinator

struct TargetSelectionTests {
    private func select(
        _ hosts: [String],
        _ addresses: [String: [String]] = [:],
        unresolvable: [String] = []
    ) throws -> TargetSelection {
        var resolved = ResolvedNames()
        resolved.addresses = try addresses.mapValues { try $0.map { try #require(IPAddress($0)) } }
        resolved.unresolvable = unresolvable
        return TargetSelection(requested: try RequestedTargets(hosts), resolved: resolved)
    }

    private func close(_ selection: inout TargetSelection) throws {
        ScopeGuard(allowsPrivateTargets: false, allowsLoopbackTargets: false)
            .apply(to: &selection, exclusions: try Exclusions([]), excludedByName: AddressSet())
    }

    private func set(_ texts: String...) throws -> AddressSet {
        try RequestedTargets(texts).addresses
    }

    @Test(
        "the captured request of the original: a private address is private, not unresolvable, and counts are of addresses"
    )
    func captured() throws {
        var selection = try select(
            ["20.9.9.9", "20.9.9.9", "10.0.0.1", "nosuch.invalid"],
            unresolvable: ["nosuch.invalid"]
        )
        try close(&selection)
        let summary = selection.summary
        #expect(summary.provided == 4)
        #expect(summary.duplicatesRemoved == 1)
        #expect(summary.resolvedIPs == 2)
        #expect(summary.hostnamesCollapsed == 0)
        #expect(summary.refused == [.privateIP: 1, .unresolvable: 1])
        #expect(summary.sentToScan == 1)
        #expect(summary.sentToScan + summary.refusedTotal == 3)
    }

    @Test("overlapping networks keep all their hosts")
    func overlap() throws {
        let selection = try select(["20.0.0.0/24", "20.0.0.0/25", "20.0.0.1"])
        #expect(selection.summary.sentToScan == 254)
        #expect(selection.summary.provided == 254 + 126 + 1)
        #expect(selection.summary.duplicatesRemoved == 127)
    }

    @Test("several names on one address are one target with all its names")
    func collapsedNames() throws {
        let selection = try select(
            ["a.test.example", "b.test.example", "20.0.0.9", "c.test.example"],
            [
                "a.test.example": ["20.0.0.1"], "b.test.example": ["20.0.0.1"],
                "c.test.example": ["20.0.0.9", "20.0.0.10"],
            ]
        )
        let summary = selection.summary
        #expect(summary.resolvedIPs == 3)
        #expect(summary.hostnamesCollapsed == 1)
        #expect(summary.sentToScan == 3)
        let plan = selection.plan(seed: 1)
        #expect(plan.hostnames[try #require(IPAddress("20.0.0.1"))] == ["a.test.example", "b.test.example"])
        #expect(plan.hostnames[try #require(IPAddress("20.0.0.9"))] == ["c.test.example"])
    }

    @Test("an address is refused once, for the first reason")
    func refusedOnce() throws {
        var selection = try select(["20.0.0.0/30"])
        selection.refuse(try set("20.0.0.1"), as: .privateIP)
        selection.refuse(try set("20.0.0.1", "20.0.0.2"), as: .alreadyInScanLedger)
        #expect(selection.summary.refused == [.privateIP: 1, .alreadyInScanLedger: 1])
        #expect(selection.summary.sentToScan == 0)
        #expect(selection.refusal(of: try #require(IPAddress("20.0.0.1")))?.reason == .privateIP)
        #expect(selection.refusal(of: try #require(IPAddress("20.0.0.3"))) == nil)
    }

    @Test("the names of known hosts are those to be merged")
    func namesToMerge() throws {
        var selection = try select(
            ["a.test.example", "b.test.example"],
            ["a.test.example": ["20.0.0.1"], "b.test.example": ["20.0.0.2"]]
        )
        selection.refuse(try set("20.0.0.1"), as: .alreadyInScanLedger)
        let names = selection.names(refusedAs: .alreadyInScanLedger)
        #expect(names.map(\.0.description) == ["20.0.0.1"])
        #expect(names.map(\.1) == [["a.test.example"]])
        #expect(selection.plan(seed: 0).hostnames.count == 1)
    }

    @Test("a huge network costs its ranges, and its lists are cut at a hundred")
    func huge() throws {
        let selection = try select(["20.0.0.0/8", "nosuch.invalid"], unresolvable: ["nosuch.invalid"])
        let answer = selection.answer(for: ScanID(UUID()))
        #expect(answer.preparedTargets.count == PlanAnswer.inlineLimit)
        #expect(answer.inputToScan.count == PlanAnswer.inlineLimit)
        #expect(answer.truncated)
        #expect(answer.preparedTargetsTotal == (1 << 24) - 2 + 1)
        #expect(answer.summary.sentToScan == (1 << 24) - 2)
    }

    @Test("everything at once does not trap")
    func everything() throws {
        var selection = try select(["0.0.0.0/0", "::/0"])
        try close(&selection)
        #expect(selection.summary.provided == Int.max)
        #expect(selection.answer(for: ScanID(UUID())).truncated)
    }

    @Test("loopback and private ranges open separately")
    func scopeSwitches() throws {
        let open = ScopeGuard(allowsPrivateTargets: false, allowsLoopbackTargets: true)
        #expect(!open.closed.contains(try #require(IPAddress("127.0.0.1"))))
        #expect(open.closed.contains(try #require(IPAddress("10.0.0.1"))))
        let internalWork = ScopeGuard(allowsPrivateTargets: true, allowsLoopbackTargets: false)
        #expect(!internalWork.closed.contains(try #require(IPAddress("10.0.0.1"))))
        #expect(internalWork.closed.contains(try #require(IPAddress("127.0.0.1"))))
        #expect(internalWork.closed.contains(try #require(IPAddress("169.254.169.254"))))
    }
}
