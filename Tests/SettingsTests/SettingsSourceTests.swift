import Foundation
import Settings
import Testing

@Suite("The file .env")
struct SettingsSourceTests {
    private func load(_ text: String, environment: [String: String] = required) throws -> APISettings {
        let path = FileManager.default.temporaryDirectory.appending(path: "\(UUID()).env").path()
        try Data(text.utf8).write(to: URL(filePath: path))
        defer { try? FileManager.default.removeItem(atPath: path) }
        return try APISettings(try SettingsSource.load(environment: environment, file: path))
    }

    @Test(
        "values are read as shells and python-dotenv read them",
        arguments: [
            ("redis_password=plain", "plain"),
            ("  export REDIS_PASSWORD = plain  ", "plain"),
            ("redis_password=with # comment", "with"),
            ("redis_password=with#hash", "with#hash"),
            ("redis_password=a=b", "a=b"),
            (#"redis_password="with # and \"quotes\" \\ $""#, #"with # and "quotes" \ $"#),
            (#"redis_password='literal \n # $' # comment"#, #"literal \n # $"#),
            ("redis_password=first\nredis_password=last", "last"),
            ("\u{FEFF}# comment\r\n\r\nredis_password=windows\r\n", "windows"),
            ("redis_password=\"  kept  \"", "  kept  "),
        ]
    )
    func values(_ text: String, _ password: String) throws {
        #expect(try load(text).redis.password?.value == password)
    }

    @Test("a setting without a value is not set")
    func noValue() throws {
        for text in ["redis_password=", "redis_password= # none", "redis_password=''", "# redis_password=x"] {
            #expect(try load(text).redis.password == nil)
        }
    }

    @Test(
        "a line that is no variable is a problem, named by its number and not quoted",
        arguments: [
            "hunter2", "=hunter2", "1x=hunter2", "a b=hunter2", "x=\"hunter2", "x='hunter2' hunter2", "ä=hunter2",
        ]
    )
    func malformed(_ line: String) throws {
        let error = #expect(throws: SettingsError.self) { try load("redis_host=h\n\(line)\n") }
        #expect(error?.problems.count == 1)
        #expect(error?.problems.first?.name.hasSuffix("line 2,") == true)
        #expect(error?.description.contains("hunter2") == false)
    }

    @Test("a file that is named has to be there")
    func missing() {
        let error = #expect(throws: SettingsError.self) {
            try SettingsSource.load(environment: required, file: "/no/such/file")
        }
        #expect(error?.problems.map(\.name) == ["/no/such/file"])
    }
}
