// swift-tools-version: 6.2

import PackageDescription

let strict: [SwiftSetting] = [
    .treatAllWarnings(as: .error),
    .enableUpcomingFeature("ExistentialAny"),
    .enableUpcomingFeature("InternalImportsByDefault"),
    .enableUpcomingFeature("MemberImportVisibility"),
]

/// A module of `Sources/Shared`; each folder there is its own target, so that the compiler keeps the walls.
func shared(_ name: String, _ dependencies: [Target.Dependency] = [], resources: [Resource] = []) -> Target {
    .target(
        name: name,
        dependencies: dependencies,
        path: "Sources/Shared/\(name)",
        resources: resources,
        swiftSettings: strict
    )
}

func unitTests(_ module: String, _ dependencies: [Target.Dependency] = [], resources: [Resource] = []) -> Target {
    .testTarget(
        name: "\(module)Tests",
        dependencies: [.byName(name: module)] + dependencies,
        path: "Tests/\(module)Tests",
        resources: resources,
        swiftSettings: strict
    )
}

let logging = Target.Dependency.product(name: "Logging", package: "swift-log")
let lifecycle = Target.Dependency.product(name: "ServiceLifecycle", package: "swift-service-lifecycle")
let signals = Target.Dependency.product(name: "UnixSignals", package: "swift-service-lifecycle")
let metrics = Target.Dependency.product(name: "CoreMetrics", package: "swift-metrics")
let crypto = Target.Dependency.product(name: "Crypto", package: "swift-crypto")

let package = Package(
    name: "Tasker",
    platforms: [.macOS(.v15)],
    products: [
        .executable(name: "TaskerAPI", targets: ["TaskerAPI"]),
        .executable(name: "TaskerCoordinator", targets: ["TaskerCoordinator"]),
    ],
    dependencies: [
        .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.0"),
        .package(url: "https://github.com/apple/swift-collections", from: "1.6.0"),
        .package(url: "https://github.com/apple/swift-configuration", from: "1.4.0"),
        .package(url: "https://github.com/apple/swift-crypto", from: "4.5.0"),
        .package(url: "https://github.com/apple/swift-http-types", from: "1.8.0"),
        .package(url: "https://github.com/apple/swift-log", from: "1.16.0"),
        .package(url: "https://github.com/apple/swift-metrics", from: "2.9.0"),
        .package(url: "https://github.com/apple/swift-nio", from: "2.101.0"),
        .package(url: "https://github.com/apple/swift-nio-extras", from: "1.35.0"),
        .package(url: "https://github.com/apple/swift-nio-ssl", from: "2.37.0"),
        .package(url: "https://github.com/hummingbird-project/hummingbird", from: "2.28.0"),
        .package(url: "https://github.com/swift-server/swift-service-lifecycle", from: "2.13.0"),
    ],
    targets: [
        // C libraries. Each is imported by one module alone.
        .systemLibrary(
            name: "CHiredis",
            path: "Sources/Shared/CHiredis",
            pkgConfig: "hiredis",
            providers: [.apt(["libhiredis-dev"])]
        ),
        .systemLibrary(
            name: "CRabbitMQ",
            path: "Sources/Shared/CRabbitMQ",
            pkgConfig: "librabbitmq",
            providers: [.apt(["librabbitmq-dev"])]
        ),
        .systemLibrary(
            name: "CCurl",
            path: "Sources/Shared/CCurl",
            pkgConfig: "libcurl",
            providers: [.apt(["libcurl4-openssl-dev"])]
        ),
        .systemLibrary(
            name: "CAres",
            path: "Sources/Shared/CAres",
            pkgConfig: "libcares",
            providers: [.apt(["libc-ares-dev"])]
        ),
        .systemLibrary(
            name: "CZlib",
            path: "Sources/Shared/CZlib",
            pkgConfig: "zlib",
            providers: [.apt(["zlib1g-dev"])]
        ),

        // Pure modules: values and algorithms; no C, no NIO, no I/O.
        shared("AddressSpace"),
        shared("Nmap", ["AddressSpace"]),
        shared("UUIDText"),
        shared("AMQPMessages"),
        shared("Celery", ["AMQPMessages", "UUIDText"]),
        shared("ScanModel", ["AddressSpace", "Nmap", "UUIDText", crypto]),

        shared("Compression", ["CZlib"]),

        // Clients: one wire protocol each.
        shared(
            "RedisClient",
            [
                "CHiredis", logging, lifecycle, crypto,
                .product(name: "NIOCore", package: "swift-nio"),
                .product(name: "NIOPosix", package: "swift-nio"),
                .product(name: "NIOSSL", package: "swift-nio-ssl"),
            ]
        ),
        shared("AMQPClient", ["CRabbitMQ", "AMQPMessages", logging, lifecycle]),
        shared("WorkerThread", [lifecycle]),
        shared("HTTPTransport", ["CCurl", "WorkerThread", logging, lifecycle]),
        shared("NameResolution", ["CAres", "AddressSpace", "WorkerThread", logging, lifecycle]),

        // Tasker's own: its settings, its data in Redis, its view of ScanLedger.
        shared("Settings", ["AddressSpace", .product(name: "Configuration", package: "swift-configuration")]),
        shared("Telemetry", [logging]),
        shared("PrometheusMetrics", [metrics]),
        shared(
            "ScanStore",
            ["RedisClient", "ScanModel", "AddressSpace", "Compression", "UUIDText", crypto],
            resources: [.embedInCode("Scripts")]
        ),
        shared("Health", ["RedisClient"]),
        shared("ScanLedger", ["HTTPTransport", "AddressSpace", "ScanModel", "Telemetry", logging]),

        .executableTarget(
            name: "TaskerAPI",
            dependencies: [
                "AddressSpace", "Compression", "Nmap", "ScanModel", "ScanStore", "ScanLedger", "HTTPTransport",
                "Health", "PrometheusMetrics", "RedisClient", "Settings", "Telemetry", "UUIDText", logging, lifecycle,
                metrics, signals, crypto,
                .product(name: "ArgumentParser", package: "swift-argument-parser"),
                .product(name: "HTTPTypes", package: "swift-http-types"),
                .product(name: "Hummingbird", package: "hummingbird"),
                .product(name: "HummingbirdCore", package: "hummingbird"),
                .product(name: "HummingbirdTLS", package: "hummingbird"),
                .product(name: "NIOCore", package: "swift-nio"),
                .product(name: "NIOHTTP1", package: "swift-nio"),
                .product(name: "NIOHTTPTypes", package: "swift-nio-extras"),
                .product(name: "NIOSSL", package: "swift-nio-ssl"),
            ],
            resources: [.embedInCode("Dashboard/Files")],
            swiftSettings: strict
        ),
        .executableTarget(
            name: "TaskerCoordinator",
            dependencies: [
                "AddressSpace", "Nmap", "ScanModel", "ScanStore", "ScanLedger", "HTTPTransport", "RedisClient",
                "AMQPMessages", "AMQPClient", "Celery", "Health", "NameResolution", "PrometheusMetrics", "Settings",
                "Telemetry", "UUIDText", logging, lifecycle, metrics, signals,
                .product(name: "ArgumentParser", package: "swift-argument-parser"),
                .product(name: "DequeModule", package: "swift-collections"),
                .product(name: "HeapModule", package: "swift-collections"),
                .product(name: "HTTPTypes", package: "swift-http-types"),
                .product(name: "Hummingbird", package: "hummingbird"),
                .product(name: "HummingbirdCore", package: "hummingbird"),
                .product(name: "NIOCore", package: "swift-nio"),
                .product(name: "OrderedCollections", package: "swift-collections"),
            ],
            swiftSettings: strict
        ),

        // What the API is measured beside.
        .executableTarget(
            name: "BareRoute",
            dependencies: [logging, .product(name: "Hummingbird", package: "hummingbird")],
            path: "Tests/BareRoute",
            swiftSettings: strict
        ),

        // What tests of several modules share.
        .target(name: "PropertyTesting", path: "Tests/PropertyTesting", swiftSettings: strict),
        .target(
            name: "MetricChecks",
            dependencies: ["PrometheusMetrics"],
            path: "Tests/MetricChecks",
            swiftSettings: strict
        ),
        .target(name: "TestCertificates", path: "Tests/TestCertificates", swiftSettings: strict),

        unitTests("AddressSpace", ["PropertyTesting"]),
        unitTests("UUIDText"),
        unitTests("AMQPMessages"),
        unitTests("Nmap", ["AddressSpace", "PropertyTesting"], resources: [.copy("Fixtures")]),
        unitTests("Compression", ["CZlib"]),
        unitTests("Celery", ["AMQPMessages"], resources: [.copy("Fixtures")]),
        unitTests("ScanModel", ["UUIDText"]),
        unitTests("ScanStore", ["PropertyTesting"]),
        unitTests("Settings", ["AddressSpace"]),
        unitTests("Telemetry", [logging]),
        unitTests("PrometheusMetrics", [metrics]),
        unitTests(
            "RedisClient",
            [
                .product(name: "NIOCore", package: "swift-nio"),
                .product(name: "NIOSSL", package: "swift-nio-ssl"),
            ]
        ),
        unitTests("AMQPClient", ["AMQPMessages", "CRabbitMQ"]),
        unitTests("WorkerThread"),
        unitTests("HTTPTransport", ["TestCertificates", logging, lifecycle]),
        unitTests("NameResolution", ["AddressSpace", logging, lifecycle]),
        unitTests("Health"),
        unitTests("ScanLedger", ["HTTPTransport", "AddressSpace", "ScanModel", "Telemetry"]),
        unitTests(
            "TaskerAPI",
            [
                "AddressSpace", "Health", "MetricChecks", "Nmap", "PrometheusMetrics", "PropertyTesting", "RedisClient",
                "ScanLedger", "ScanModel", "ScanStore", "Telemetry",
                logging,
                crypto,
                .product(name: "HTTPTypes", package: "swift-http-types"),
                .product(name: "Hummingbird", package: "hummingbird"),
                .product(name: "HummingbirdCore", package: "hummingbird"),
                .product(name: "NIOCore", package: "swift-nio"),
                .product(name: "NIOEmbedded", package: "swift-nio"),
                .product(name: "NIOHTTPTypes", package: "swift-nio-extras"),
                .product(name: "NIOPosix", package: "swift-nio"),
                .product(name: "ServiceLifecycleTestKit", package: "swift-service-lifecycle"),
            ],
            resources: [.copy("Fixtures")]
        ),
        unitTests(
            "TaskerCoordinator",
            [
                "AddressSpace", "AMQPClient", "AMQPMessages", "HTTPTransport", "Health", "MetricChecks",
                "NameResolution", "Nmap", "PrometheusMetrics", "PropertyTesting", "ScanLedger", "ScanModel",
                "ScanStore", "Settings", "UUIDText", logging,
                .product(name: "HTTPTypes", package: "swift-http-types"),
                .product(name: "Hummingbird", package: "hummingbird"),
                .product(name: "NIOCore", package: "swift-nio"),
            ]
        ),

        // Real servers; `scripts/test integration` starts them.
        .testTarget(
            name: "ClientIntegrationTests",
            dependencies: [
                "AddressSpace", "AMQPMessages", "AMQPClient", "Nmap", "RedisClient", "ScanModel", "ScanStore",
                "TestCertificates", "UUIDText", logging, lifecycle,
                .product(name: "NIOCore", package: "swift-nio"),
                .product(name: "NIOPosix", package: "swift-nio"),
            ],
            path: "IntegrationTests/Clients",
            swiftSettings: strict
        ),
    ]
)

// A sanitizer's build is one of its own, and takes the test targets that the variable names or the fuzz targets.
if let tests = Context.environment["TASKER_SANITIZED_TESTS"] {
    package.keep(tests.split(separator: ",").map(String.init))
} else if Context.environment["TASKER_FUZZING"] != nil {
    package.targets.removeAll { $0.name == "RedisClient" }
    package.targets += [
        // Without its connections, which take building NIO and BoringSSL.
        .target(
            name: "RedisClient",
            dependencies: ["CHiredis"],
            path: "Sources/Shared/RedisClient",
            exclude: [
                "Commands", "Connection", "Subscriptions", "RedisClient.swift", "RedisClient+Scripts.swift",
                "RedisConfiguration.swift", "RedisTLS.swift", "Values/RedisScript.swift",
            ],
            swiftSettings: strict
        ),
        // Its main function is libFuzzer's, so it links in such a build alone.
        .executableTarget(
            name: "Fuzzing",
            dependencies: ["AddressSpace", "Nmap", "AMQPMessages", "Celery", "RedisClient", "Compression"],
            path: "Tests/Fuzzing",
            swiftSettings: strict
        ),
    ]
    package.keep(["Fuzzing"])
}

extension Package {
    /// Removes all but the targets named and what they depend on.
    func keep(_ names: [String]) {
        var kept: Set<String> = []
        var rest = names
        while let name = rest.popLast() {
            guard kept.insert(name).inserted, let target = targets.first(where: { $0.name == name }) else { continue }
            for case .byNameItem(let dependency, _) in target.dependencies {
                rest.append(dependency)
            }
        }
        targets.removeAll { !kept.contains($0.name) }
        products = []
    }
}
