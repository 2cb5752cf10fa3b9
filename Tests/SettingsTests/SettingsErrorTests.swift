import Settings
import Testing

@Suite("Settings that are wrong")
struct SettingsErrorTests {
    @Test("everything that is wrong is said at once")
    func everything() {
        let error = #expect(throws: SettingsError.self) {
            try CoordinatorSettings(SettingsSource(environment: ["redis_port": "70000", "lease": "soon"]))
        }
        #expect(error?.problems.map(\.name) == ["lease", "redis_port", "scanledger_base_url", "tasker_auth_token"])
        #expect(
            error?.description.contains(#"redis_port is "70000"; allowed: a whole number from 1 to 65535"#) == true
        )
        #expect(error?.description.contains("scanledger_base_url is not set; required:") == true)
    }

    @Test(
        "a value out of bounds is named with what is allowed",
        arguments: [
            ("api_port", "0"), ("api_port", "eight"), ("api_host", "0.0.0.0:80"), ("redis_host", "a b"),
            ("redis_db", "-1"), ("redis_tls", "maybe"), ("redis_ca_file", "/no/such/file"), ("rabbitmq_port", "65536"),
            ("tls_bundle", "/"), ("scanledger_base_url", "ftp://x"), ("scanledger_base_url", "scanledger"),
            ("scanledger_base_url", "http://x/?q"), ("logger_level", "LOUD"), ("log_format", "xml"),
            ("environment", "moon"), ("max_request_body", "1"), ("max_request_body", "2GB"),
            ("max_request_body", "9e99"), ("max_request_body", "1 XB"), ("max_hosts_per_request", "0"),
            ("auth_cache_ttl", "301"), ("plan_wait", "51"), ("plan_wait", "-1"), ("plan_wait", "1.2.3"),
            ("lease", "0.5"), ("lease", "61"), ("window_min", "0"), ("window_max", "65_537"),
            ("window_per_slot", "0"), ("max_attempts", "11"),
            ("max_service_ports", "65536"), ("max_targets_per_scan", "67108865"), ("allowed_hosts", "everything"),
            ("allowed_hosts", "192.0.2.9-192.0.2.1"), ("denied_hosts", "192.0.2.0/33"), ("denied_hosts", "[1]"),
            ("allowed_hosts", "example.com,*example.com"), ("denied_hosts", "*.*"), ("denied_hosts", "a b.test"),
            ("per_target", "1025"), ("per_target", "-1"), ("per_network", "65537"), ("max_rate_ceiling", "0"),
            ("max_rate_ceiling", "10_000_001"),
            ("dns_servers", "dns.test"), ("dns_servers", "192.0.2.1:0"), ("dns_servers", "[192.0.2.1]:53"),
            ("dns_servers", "[2001:db8::1"), ("dns_servers", "[2001:db8::1]x53"), ("dns_timeout", "0"),
            ("dns_tries", "0"), ("dns_resolve_semaphore_limit", "0"), ("worker_ip_update_ttl", "59"),
            ("replica_name", "a name"),
        ]
    )
    func outOfBounds(_ name: String, _ value: String) throws {
        let problem = try #require(problems([name: value]).first)
        #expect(problem.name == name)
        #expect(problem.message.contains("allowed:"))
    }

    @Test("settings that contradict each other are named")
    func contradictions() {
        #expect(problems(["window_min": "10", "window_max": "9"]).map(\.name) == ["window_min"])
        #expect(problems(["lease_renew_interval": "1.6"]).map(\.name) == ["lease_renew_interval"])
        #expect(problems(["standby_poll_interval": "4"]).map(\.name) == ["standby_poll_interval"])
        #expect(problems(["redis_ca_file": #filePath]).map(\.name) == ["redis_ca_file", "redis_ca_file"])
        #expect(problems(["rabbitmq_ca_file": #filePath]).map(\.name) == ["rabbitmq_ca_file"])
        #expect(problems(["scanledger_ca_file": #filePath]).map(\.name).first == "scanledger_ca_file")
    }

    @Test("where TLS is required, every connection without it is named")
    func requireTLS() throws {
        #expect(
            problems(["require_tls": "true"]).map(\.name) == [
                "tls_bundle", "redis_tls", "scanledger_base_url", "redis_tls", "rabbitmq_tls", "scanledger_base_url",
            ]
        )
        let encrypted = [
            "require_tls": "true", "redis_tls": "true", "rabbitmq_tls": "true", "tls_bundle": #filePath,
            "scanledger_base_url": "https://scanledger",
        ]
        #expect(try apiSettings(encrypted).plaintextConnections.isEmpty)
        #expect(try coordinatorSettings(encrypted).plaintextConnections.isEmpty)
    }

    @Test("no password or token shows, neither in an error nor in the settings")
    func secrets() throws {
        let wrong = [
            "tasker_auth_token": "hunter2 \n", "redis_password": "hunter2\u{7}", "rabbitmq_password": "hunter2\n",
            "scanledger_base_url": "https://me:hunter2@scanledger",
        ]
        let found = problems(wrong)
        #expect(Set(found.map(\.name)) == Set(wrong.keys))
        #expect(!"\(found)".contains("hunter2"))

        let right = try coordinatorSettings(
            ["tasker_auth_token": "hunter2", "redis_password": "hunter2", "rabbitmq_password": "hunter2"])
        var dumped = ""
        dump(right, to: &dumped)
        #expect(!"\(right)\(String(reflecting: right))\(dumped)".contains("hunter2"))
        #expect(right.redis.password?.value == "hunter2")
    }

    @Test("of a long list of hosts, the entry at fault is named")
    func faultyHost() {
        let list = (1...200).map { "192.0.2.\($0)" }.joined(separator: ",") + ",web_1.example.com"
        let error = #expect(throws: SettingsError.self) { try coordinatorSettings(["denied_hosts": list]) }
        #expect(error?.description.contains("\"web_1.example.com\"") == true)
    }
}
