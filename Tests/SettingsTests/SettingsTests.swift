import AddressSpace
import Settings
import Testing

@Suite("Settings")
struct SettingsTests {
    @Test("with the required ones alone, the API has its standards")
    func apiStandards() throws {
        let settings = try apiSettings([:])
        #expect(settings.host == "0.0.0.0")
        #expect(settings.port == 8_001)
        #expect(settings.deployment.tlsBundlePath == nil)
        #expect(settings.maxRequestBody == 16_000_000)
        #expect(settings.requestBodyTimeout == .seconds(60))
        #expect(settings.maxConnections == 4_096)
        #expect(settings.maxHostsPerRequest == 100_000)
        #expect(settings.maxTargetsPerScan == 1 << 24)
        #expect(settings.maxRateCeiling == nil)
        #expect(settings.authCacheTTL == .seconds(30))
        #expect(settings.planWait == .seconds(30))
        #expect(settings.rates.perToken == 100)
        #expect(settings.rates.perAddress == 20)
        #expect(settings.rates.burst == 200)
        #expect(settings.rates.trustedProxies.isEmpty)
        #expect(settings.redis.host == "127.0.0.1")
        #expect(settings.redis.port == 6_379)
        #expect(settings.redis.password == nil)
        #expect(settings.redis.database == 3)
        #expect(settings.redis.tls == false)
        #expect(settings.scanledger.baseURL == "http://scanledger:8000")
        #expect(settings.scanledger.token.value == "t0ken-of-tasker")
        #expect(settings.log.level == .info)
        #expect(settings.log.format == .auto)
        #expect(settings.deployment.environment == .development)
        #expect(settings.deployment.name.contains("-"))
    }

    @Test("with the required ones alone, a coordinator has its standards")
    func coordinatorStandards() throws {
        let settings = try coordinatorSettings([:])
        #expect(settings.host == "0.0.0.0")
        #expect(settings.port == 8_002)
        #expect(settings.deployment.installation == nil)
        #expect(settings.leadership.lease == .seconds(3))
        #expect(settings.leadership.leaseRenewInterval == .seconds(1))
        #expect(settings.leadership.standbyPollInterval == .milliseconds(500))
        #expect(settings.dispatch.windowMinimum == 16)
        #expect(settings.dispatch.windowMaximum == 4_096)
        #expect(settings.dispatch.windowPerSlot == 3)
        #expect(settings.dispatch.maxAttempts == 3)
        #expect(settings.dispatch.maxServicePorts == 1_000)
        #expect(settings.politeness.perTarget == 4)
        #expect(settings.politeness.perNetwork == 32)
        #expect(settings.politeness.maxRateCeiling == nil)
        #expect(!settings.scope.allowPrivateTargets)
        #expect(!settings.scope.allowLoopbackTargets)
        #expect(settings.scope.allowedHosts == nil)
        #expect(settings.scope.deniedHosts.isEmpty)
        #expect(settings.scope.maxTargetsPerScan == 1 << 24)
        #expect(settings.dns.servers.isEmpty)
        #expect(settings.dns.timeout == .seconds(2))
        #expect(settings.dns.tries == 3)
        #expect(settings.dns.maximumConcurrent == 1_024)
        #expect(!settings.dns.resolveIPv6)
        #expect(settings.workerIPUpdateTTL == .seconds(3_700))
        #expect(settings.rabbitMQ.host == "127.0.0.1")
        #expect(settings.rabbitMQ.port == 5_672)
        #expect(settings.rabbitMQ.user == "guest")
        #expect(settings.rabbitMQ.password.value == "guest")
        #expect(settings.rabbitMQ.consumerTimeout == .seconds(1_800))
        #expect(settings.rabbitMQ.vhost == "/")
        #expect(settings.plaintextConnections == ["Redis", "RabbitMQ", "ScanLedger"])
    }

    @Test("names count in either case, and the lower one wins")
    func nameCase() throws {
        #expect(try apiSettings(["REDIS_HOST": "one"]).redis.host == "one")
        #expect(try apiSettings(["redis_host": "two", "REDIS_HOST": "one"]).redis.host == "two")
    }

    @Test("the process environment wins over the file, in whatever case")
    func precedence() throws {
        let source = SettingsSource(
            environment: required.merging(["REDIS_HOST": "from-environment"]) { $1 },
            file: ["redis_host": "from-file", "redis_port": "7000"]
        )
        let redis = try APISettings(source).redis
        #expect(redis.host == "from-environment")
        #expect(redis.port == 7_000)
    }

    @Test("a setting that is set to nothing is not set")
    func emptyValue() throws {
        #expect(try apiSettings(["redis_password": "", "redis_port": " "]).redis.port == 6_379)
        #expect(try apiSettings(["redis_password": ""]).redis.password == nil)
        #expect(problems(["tasker_auth_token": ""]).map(\.name) == ["tasker_auth_token", "tasker_auth_token"])
    }

    @Test("ports depend on TLS until they are set")
    func ports() throws {
        #expect(try coordinatorSettings(["rabbitmq_tls": "true"]).rabbitMQ.port == 5_671)
        #expect(try coordinatorSettings(["rabbitmq_tls": "true", "rabbitmq_port": "7"]).rabbitMQ.port == 7)
        #expect(try apiSettings(["tls_bundle": #filePath]).port == 8_443)
    }

    @Test("log levels are Python's, in any case", arguments: ["DEBUG", "debug", "Debug"])
    func logLevel(_ text: String) throws {
        #expect(try apiSettings(["logger_level": text]).log.level == .debug)
    }

    @Test("durations and sizes may have units")
    func units() throws {
        let leadership = try coordinatorSettings(
            ["lease": "4.5", "lease_renew_interval": "250 ms", "standby_poll_interval": "1s"]
        ).leadership
        #expect(leadership.lease == .milliseconds(4_500))
        #expect(leadership.leaseRenewInterval == .milliseconds(250))
        #expect(leadership.standbyPollInterval == .seconds(1))
        #expect(try coordinatorSettings(["worker_ip_update_ttl": "2h"]).workerIPUpdateTTL == .seconds(7_200))
        #expect(try apiSettings(["max_request_body": "1 GB"]).maxRequestBody == 1_000_000_000)
        #expect(try apiSettings(["max_request_body": "16_000"]).maxRequestBody == 16_000)
    }

    @Test("networks allowed and denied hold every one of their addresses")
    func targets() throws {
        let scope = try coordinatorSettings(
            ["allowed_hosts": "192.0.2.0/24,2001:db8::/64", "denied_hosts": "192.0.2.7, 192.0.2.9-192.0.2.10"]
        ).scope
        let allowed = try #require(scope.allowedHosts?.addresses)
        for address in ["192.0.2.0", "192.0.2.255", "2001:db8::"] {
            #expect(try allowed.contains(#require(IPAddress(address))))
        }
        #expect(scope.deniedHosts.addresses.count == 3)
    }

    @Test("names and domains may be allowed and denied beside addresses")
    func names() throws {
        let scope = try coordinatorSettings(
            ["allowed_hosts": "*.Example.com, 192.0.2.1", "denied_hosts": #"["www.example.com", "*.mil"]"#]
        ).scope
        let allowed = try #require(scope.allowedHosts)
        #expect(allowed.matches(hostname: "a.b.example.com") && !allowed.matches(hostname: "example.com"))
        #expect(allowed.addresses.count == 1)
        #expect(scope.deniedHosts.hostnames == ["www.example.com"])
        #expect(scope.deniedHosts.matches(hostname: "navy.mil"))
    }

    @Test("a star allows every host, and lists may be written in JSON", arguments: ["*", #"["*"]"#])
    func star(text: String) throws {
        #expect(try coordinatorSettings(["allowed_hosts": text]).scope.allowedHosts?.isEverything == true)
    }

    @Test("limits that both processes keep are the same for both")
    func sharedLimits() throws {
        let limits = ["max_targets_per_scan": "1000", "max_rate_ceiling": "5_000"]
        let (api, coordinator) = (try apiSettings(limits), try coordinatorSettings(limits))
        #expect(api.maxTargetsPerScan == 1_000 && coordinator.scope.maxTargetsPerScan == 1_000)
        #expect(api.maxRateCeiling == 5_000 && coordinator.politeness.maxRateCeiling == 5_000)
        for name in limits.keys {
            #expect(SettingsReference.entries.first { $0.name == name }?.processes == .all)
        }
    }

    @Test("politeness is switched off by zero")
    func politenessOff() throws {
        let politeness = try coordinatorSettings(["per_target": "0", "per_network": "0"]).politeness
        #expect(politeness.perTarget == 0 && politeness.perNetwork == 0)
    }

    @Test("name servers get the port of the name service where they have none")
    func nameServers() throws {
        let servers = try coordinatorSettings(
            ["dns_servers": "192.0.2.1,192.0.2.1:5353,2001:db8::1,[2001:db8::1],[2001:db8::1]:5353"]
        ).dns.servers
        #expect(
            servers == [
                "192.0.2.1:53", "192.0.2.1:5353", "[2001:db8::1]:53", "[2001:db8::1]:53", "[2001:db8::1]:5353",
            ]
        )
    }

    @Test("a slash at the end of ScanLedger's URL is dropped")
    func baseURL() throws {
        #expect(
            try apiSettings(["scanledger_base_url": "https://l.test:8/api//"]).scanledger.baseURL
                == "https://l.test:8/api"
        )
    }

    @Test("what the file holds besides settings, and what the original had, is named")
    func ignored() {
        let source = SettingsSource(
            environment: ["POSTGRES_HOST": "db", "max_file_upload_size": "1", "PATH": "/bin", "REDIS_HOST": "r"],
            file: ["Redis_Hots": "typo", "redis_port": "1"]
        )
        #expect(source.ignored == ["max_file_upload_size", "postgres_host", "redis_hots"])
    }
}
