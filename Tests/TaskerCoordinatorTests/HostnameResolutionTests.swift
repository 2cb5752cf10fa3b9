import AddressSpace
import NameResolution
import Synchronization
import Testing

@testable import TaskerCoordinator

@Suite("Host name resolution of a request")
struct HostnameResolutionTests {
    private final class Resolver: NameResolving {
        private let counts = Mutex((now: 0, most: 0))

        var mostAtOnce: Int { counts.withLock(\.most) }

        func resolve(
            _ name: String,
            families: Set<AddressFamily>,
            from source: NameSource
        ) async -> Resolution {
            counts.withLock { counts in
                counts.now += 1
                counts.most = max(counts.most, counts.now)
            }
            await Task.yield()
            counts.withLock { $0.now -= 1 }
            return switch name.prefix(1) {
            case "a": .addresses([.v4(1), .v4(2)])
            case "n": .notFound(reason: "none")
            case "s": .unanswered(reason: "its own servers")
            default: .unavailable(reason: "no server")
            }
        }
    }

    @Test("not there, silent and unavailable are three things", arguments: [true, false])
    func outcomes(singleResolve: Bool) async {
        let resolution = HostnameResolution(
            resolver: Resolver(),
            families: [.v4],
            extent: singleResolve ? .first : .found
        )
        let round = await resolution.resolve(["a.test", "n.test", "s.test", "u.test"])
        #expect(round.resolved.addresses == ["a.test": singleResolve ? [.v4(1)] : [.v4(1), .v4(2)]])
        #expect(round.resolved.unresolvable == ["n.test"])
        #expect(round.silent == ["s.test"])
        #expect(round.unavailable == ["u.test"])
        #expect(round.reason == "no server")
    }

    @Test("each name is asked for, so many at once")
    func concurrency() async {
        let resolver = Resolver()
        let resolution = HostnameResolution(
            resolver: resolver,
            families: [.v4],
            extent: .found,
            concurrency: 10
        )
        let round = await resolution.resolve((0..<1000).map { "a\($0).test" })
        #expect(round.resolved.addresses.count == 1000)
        #expect(resolver.mostAtOnce <= 10)
    }
}
