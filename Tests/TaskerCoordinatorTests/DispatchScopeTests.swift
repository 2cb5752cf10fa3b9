import AddressSpace
import Foundation
import Logging
import ScanModel
import ScanStore
import Testing

@testable import TaskerCoordinator

struct DispatchScopeTests {
    private let world = PlanningWorld()

    private func names(_ names: String...) -> DeniedNames {
        DeniedNames(
            names,
            resolution: HostnameResolution(resolver: PlanningLife(world), families: [.v4, .v6], extent: .all),
            logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }
        )
    }

    private func permits(_ text: String, _ scope: DispatchScope, exclude: [String] = []) throws -> Bool {
        let scan = ActiveScan.accepted(["20.0.0.0/24"]) { $0.exclude = exclude }
        return scope.permits(try #require(IPAddress(text)), names: [], of: scan.id, scan.request)
    }

    @Test("a name that is denied since the plan closes its addresses, and nothing is permitted before they are known")
    func deniedName() async throws {
        world.name("db.corp.example", "20.0.0.5")
        let denied = names("db.corp.example")
        let rules = ScopeGuard(allowsPrivateTargets: false, allowsLoopbackTargets: false)
        let scope = DispatchScope(rules, denied: denied)
        #expect(try !permits("20.0.0.4", scope))
        let lookingUp = Task { try await denied.run() }
        await denied.waitUntilKnown()
        lookingUp.cancel()
        #expect(try permits("20.0.0.4", scope))
        #expect(try !permits("20.0.0.5", scope))
    }

    @Test("the request's exclusions and the closed ranges hold at dispatch too")
    func exclusions() throws {
        let rules = ScopeGuard(allowsPrivateTargets: false, allowsLoopbackTargets: false)
        let scope = DispatchScope(rules, denied: names())
        #expect(try permits("20.0.0.1", scope))
        #expect(try !permits("20.0.0.1", scope, exclude: ["20.0.0.0/30"]))
        #expect(try !permits("10.0.0.1", scope))
        #expect(try !permits("20.0.0.1", scope, exclude: ["no entry at all"]))
    }
}
