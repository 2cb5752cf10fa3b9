import Testing

@testable import Health

@Suite("Redis' durability")
struct RedisDurabilityTests {
    @Test("warnings name the setting")
    func warnings() {
        #expect(RedisDurability.warnings(appendOnly: "yes", evictionPolicy: "noeviction").isEmpty)
        #expect(RedisDurability.warnings(appendOnly: nil, evictionPolicy: nil).isEmpty)
        let warnings = RedisDurability.warnings(appendOnly: "no", evictionPolicy: "allkeys-lru")
        #expect(warnings.count == 2)
        #expect(warnings[0].contains("appendonly") && warnings[1].contains("maxmemory-policy"))
    }
}
