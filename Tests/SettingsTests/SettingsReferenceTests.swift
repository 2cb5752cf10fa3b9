import Foundation
import Settings
import Testing

@Suite("The reference of settings")
struct SettingsReferenceTests {
    @Test("every name is there once, in lower case, with a meaning")
    func names() {
        let names = SettingsReference.entries.map(\.name)
        #expect(Set(names).count == names.count)
        for entry in SettingsReference.entries {
            #expect(entry.name.allSatisfy { $0.isLowercase || $0 == "_" || $0.isNumber })
            #expect(entry.meaning.hasSuffix("."))
        }
    }

    @Test("the original's settings are still known")
    func original() {
        let original = [
            "redis_host", "redis_port", "redis_password", "redis_db", "rabbitmq_host", "rabbitmq_port",
            "rabbitmq_user", "rabbitmq_password", "rabbitmq_vhost", "scanledger_base_url", "tasker_auth_token",
            "allowed_hosts", "logger_level", "environment", "worker_ip_update_ttl", "dns_resolve_semaphore_limit",
        ]
        #expect(Set(original).isSubset(of: SettingsReference.entries.map(\.name)))
    }

    private static func text(of file: String) throws -> String {
        let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .deletingLastPathComponent()
        return try String(contentsOf: root.appending(path: file), encoding: .utf8)
    }

    @Test(".env.example is what the reference makes of it")
    func exampleFile() throws {
        #expect(try Self.text(of: ".env.example") == SettingsReference.exampleFile)
    }

    @Test("the README's table is what the reference makes of it")
    func readme() throws {
        #expect(try Self.text(of: "README.md").contains(SettingsReference.markdownTable))
    }

    @Test("the example file with every setting switched on is right and changes nothing")
    func exampleIsValid() throws {
        let text = SettingsReference.exampleFile
            .replacing(/(?m)^#(?=[a-z_0-9]+=)/, with: "")
            .replacing("scanledger_base_url=", with: "scanledger_base_url=http://l")
            .replacing("tasker_auth_token=", with: "tasker_auth_token=t")
        let path = FileManager.default.temporaryDirectory.appending(path: "\(UUID()).env").path()
        try Data(text.utf8).write(to: URL(filePath: path))
        defer { try? FileManager.default.removeItem(atPath: path) }
        let source = try SettingsSource.load(environment: ["replica_name": "r"], file: path)
        #expect(source.ignored.isEmpty)

        let minimal = SettingsSource(
            environment: ["scanledger_base_url": "http://l", "tasker_auth_token": "t", "replica_name": "r"])
        #expect(try APISettings(source) == APISettings(minimal))
        #expect(try CoordinatorSettings(source) == CoordinatorSettings(minimal))
    }

    @Test("help and table show each process what it reads")
    func texts() {
        let help = SettingsReference.help(for: .api)
        #expect(help.contains("tasker_auth_token (required)"))
        #expect(help.contains("max_request_body (default: 16MB)"))
        #expect(!help.contains("window_min"))
        for entry in SettingsReference.entries {
            #expect(SettingsReference.markdownTable.contains("| `\(entry.name)` |"))
        }
    }
}
