// swift-tools-version: 6.2

import PackageDescription

/// Every target of ours: a warning is an error, and a forgotten import too.
let strict: [SwiftSetting] = [
    .treatAllWarnings(as: .error),
    .enableUpcomingFeature("MemberImportVisibility"),
]

let nio: [Target.Dependency] = [
    .product(name: "NIOCore", package: "swift-nio"),
    .product(name: "NIOPosix", package: "swift-nio"),
    .product(name: "NIOConcurrencyHelpers", package: "swift-nio"),
]
let lifecycle = Target.Dependency.product(name: "ServiceLifecycle", package: "swift-service-lifecycle")
let logging = Target.Dependency.product(name: "Logging", package: "swift-log")
let crypto: [Target.Dependency] = [
    .product(name: "Crypto", package: "swift-crypto"),
    .product(name: "CryptoExtras", package: "swift-crypto"),
]

/// One room of the house: its sources, and the rooms and libraries that it may open.
func room(_ name: String, _ dependencies: [Target.Dependency]) -> Target {
    .target(name: name, dependencies: dependencies, swiftSettings: strict)
}

/// The tests of one room, in the folder of the same name.
func tests(_ name: String, _ dependencies: [Target.Dependency]) -> Target {
    .testTarget(name: name + "Tests", dependencies: dependencies, path: "Tests/" + name, swiftSettings: strict)
}

/// What the fuzz functions in Tests/Fuzz/Functions call.
let fuzzed: [Target.Dependency] = [
    "SMPP", "Transfer", "Channels", "Domain", "vortag", .product(name: "NIOCore", package: "swift-nio"),
]

let package = Package(
    name: "vortag",
    platforms: [.macOS(.v15)],
    products: [
        .executable(name: "vortag", targets: ["vortag"])
    ],
    dependencies: [
        .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.2"),
        .package(url: "https://github.com/apple/swift-configuration", from: "1.4.0", traits: []),
        .package(url: "https://github.com/apple/swift-crypto", from: "4.5.2"),
        .package(url: "https://github.com/apple/swift-log", from: "1.16.2"),
        .package(url: "https://github.com/apple/swift-nio", from: "2.101.2"),
        .package(url: "https://github.com/apple/swift-nio-ssl", from: "2.37.6"),
        .package(url: "https://github.com/apple/swift-system", from: "1.8.1"),
        .package(url: "https://github.com/groue/GRDB.swift", from: "7.10.0"),
        .package(url: "https://github.com/hummingbird-project/hummingbird", from: "2.28.1"),
        .package(url: "https://github.com/hummingbird-project/swift-mustache", from: "2.1.1"),
        .package(url: "https://github.com/swift-server/swift-service-lifecycle", from: "2.13.0"),
    ],
    targets: [
        .target(
            name: "CPhoneNumber",

            linkerSettings: [.linkedLibrary("phonenumber"), .linkedLibrary("stdc++")]
        ),
        .target(name: "CCurl", linkerSettings: [.linkedLibrary("curl")]),
        .target(name: "CResolver", linkerSettings: [.linkedLibrary("resolv")]),
        .systemLibrary(name: "GMime", pkgConfig: "gmime-3.0", providers: [.apt(["libgmime-3.0-dev"])]),
        .target(name: "CGMime", dependencies: ["GMime"]),
        .systemLibrary(name: "CLibICal", pkgConfig: "libical", providers: [.apt(["libical-dev"])]),
        .systemLibrary(name: "CQRencode", pkgConfig: "libqrencode", providers: [.apt(["libqrencode-dev"])]),
        .systemLibrary(name: "CLibPQ", pkgConfig: "libpq", providers: [.apt(["libpq-dev"])]),
        room("Domain", ["CPhoneNumber"]),
        room(
            "Database",
            [
                "CLibPQ",
                .product(name: "GRDB", package: "GRDB.swift"), .product(name: "GRDBSQLite", package: "GRDB.swift"),
            ]
        ),
        room("Storage", ["Domain", "Database"] + crypto),
        room("SMPP", nio + [.product(name: "NIOSSL", package: "swift-nio-ssl"), lifecycle, logging]),
        room("Transfer", ["CCurl", "CGMime", "CResolver"]),
        room("Interchange", ["Domain", "CLibICal"]),
        room("Channels", ["Domain", "SMPP", "Transfer", "Interchange", lifecycle, logging] + crypto),
        room("Delivery", ["Domain", "Storage", lifecycle, logging]),
        room(
            "Web",
            [
                "CQRencode", "Domain", "Storage", "Interchange", lifecycle, logging,
                .product(name: "Hummingbird", package: "hummingbird"),
                .product(name: "Mustache", package: "swift-mustache"),
            ] + crypto
        ),
        .executableTarget(
            name: "vortag",
            dependencies: [
                "Domain", "Database", "Storage", "SMPP", "Channels", "Delivery", "Web", lifecycle, logging,
                .product(name: "ArgumentParser", package: "swift-argument-parser"),
                .product(name: "Configuration", package: "swift-configuration"),
                .product(name: "Hummingbird", package: "hummingbird"),
                .product(name: "SystemPackage", package: "swift-system"),
                .product(name: "UnixSignals", package: "swift-service-lifecycle"),
            ],
            swiftSettings: strict
        ),
        // Measures the queue alone, for `make bench`; no part of the product.
        .executableTarget(
            name: "QueueBenchmark",
            dependencies: [
                "Domain", "Database", "Storage", .product(name: "ArgumentParser", package: "swift-argument-parser"),
            ],
            path: "Benchmarks/QueueBenchmark",
            swiftSettings: strict
        ),
        tests("Domain", ["Domain"]),
        .target(
            name: "TestDatabase",
            dependencies: ["Database"],
            path: "Tests/TestDatabase",
            swiftSettings: strict
        ),
        tests("Database", ["Database", "TestDatabase"]),
        tests("Storage", ["Storage", "Database", "Domain", "TestDatabase"]),
        tests("SMPP", ["SMPP", logging, lifecycle] + nio),
        .target(name: "TestPeers", path: "Tests/TestPeers", swiftSettings: strict),
        tests("Transfer", ["Transfer", "TestPeers"]),
        tests("Interchange", ["Interchange", "Domain", "TestPeers"]),
        tests("Channels", ["Channels", "Domain", "SMPP", "Transfer", "TestPeers", logging] + crypto),
        tests("Delivery", ["Delivery", "Storage", "Database", "Domain", "TestDatabase", logging]),
        tests("Web", ["Web", "Storage", "Database", "Domain"]),
        .testTarget(
            name: "FuzzTests",
            dependencies: fuzzed,
            path: "Tests/Fuzz",
            exclude: ["Corpus", "Targets", "bounces.py", "mailboxes.py", "make-corpus"],
            swiftSettings: strict
        ),
    ],
    swiftLanguageModes: [.v6],
    cxxLanguageStandard: .cxx17
)

// For tools/fuzz alone: the rooms that read what others wrote, instrumented, each fuzzer a program around them. The
// reader of the configuration is taken out of the program, which has a main function of its own.
if Context.environment["FUZZ"] != nil {
    let instrumented: [SwiftSetting] = strict + [.unsafeFlags(["-sanitize=fuzzer", "-enable-testing"])]
    let rooms = package.targets.filter {
        [
            "CPhoneNumber", "CCurl", "CResolver", "GMime", "CGMime", "CLibICal", "Domain", "SMPP", "Transfer",
            "Interchange", "Channels",
        ].contains($0.name)
    }
    for room in rooms where !["CPhoneNumber", "CCurl", "CResolver", "GMime", "CGMime", "CLibICal"].contains(room.name) {
        room.swiftSettings = instrumented
    }
    let configuration = Target.target(
        name: "vortag",
        dependencies: [
            "Domain", logging, .product(name: "Configuration", package: "swift-configuration"),
            .product(name: "SystemPackage", package: "swift-system"),
        ],
        path: "Sources/vortag/Configuration",
        exclude: ["Resources.swift"],
        swiftSettings: instrumented
    )
    let functions = Target.target(
        name: "FuzzFunctions",
        dependencies: fuzzed,
        path: "Tests/Fuzz/Functions",
        swiftSettings: instrumented
    )
    let driver = Target.target(name: "FuzzDriver", path: "Tests/Fuzz/Targets/Driver", swiftSettings: strict)
    let inputs = ["PDU", "Receipt", "Inbound", "Gateway", "Bounce", "Mailbox", "Replies", "Configuration"]
    let fuzzers = inputs.map { name in
        Target.executableTarget(
            name: "Fuzz" + name,
            dependencies: ["FuzzFunctions", "FuzzDriver"],
            path: "Tests/Fuzz/Targets/" + name,
            swiftSettings: strict + [.unsafeFlags(["-parse-as-library"])],
            linkerSettings: [.unsafeFlags(["-sanitize=fuzzer", "-use-ld=lld"])]
        )
    }
    package.products = fuzzers.map { .executable(name: $0.name, targets: [$0.name]) }
    package.targets = rooms + [configuration, functions, driver] + fuzzers
}
