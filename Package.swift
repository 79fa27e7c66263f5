// swift-tools-version: 6.2
import PackageDescription

let package = Package(
    name: "ecr-share",
    platforms: [.macOS(.v15)],
    products: [
        .executable(name: "ecr-share", targets: ["ecr-share"]),
        .executable(name: "ecr-share-sandbox", targets: ["ecr-share-sandbox"]),
    ],
    dependencies: [
        // Each with its reason and build cost in docs/design.md, "Dependencies".
        .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.2"),
        .package(url: "https://github.com/apple/swift-collections", from: "1.6.0"),
        .package(url: "https://github.com/apple/swift-crypto", from: "4.5.2"),
        .package(url: "https://github.com/apple/swift-nio", from: "2.101.2"),
    ],
    targets: [
        // libcurl, which is loaded and not linked; see its header.
        .target(name: "CCurl"),
        .systemLibrary(
            name: "CLibXML2",
            pkgConfig: "libxml-2.0",
            providers: [.apt(["libxml2-dev"]), .brew(["libxml2"])]
        ),
        .systemLibrary(
            name: "CYAML",
            pkgConfig: "yaml-0.1",
            providers: [.apt(["libyaml-dev"]), .brew(["libyaml"])]
        ),

        // What both halves of the program speak of: AWS's ids, names, ARNs and regions; days and moments. Pure.
        .target(name: "AWSValues"),
        // What the operating system offers.
        .target(name: "Platform", dependencies: ["AWSValues"]),
        // JSON that keeps its text. Pure.
        .target(
            name: "OrderedJSON",
            dependencies: [.product(name: "OrderedCollections", package: "swift-collections")]
        ),
        // The pure core: values in, values out. No files, no network, no C, no async.
        .target(
            name: "SharePlan",
            dependencies: [
                "AWSValues",
                "OrderedJSON",
                .product(name: "Crypto", package: "swift-crypto"),
                .product(name: "OrderedCollections", package: "swift-collections"),
            ],
            resources: [.embedInCode("Rendering/HTML/Page")]
        ),
        // Everything that speaks to AWS. Knows nothing of matrices and plans.
        .target(
            name: "AWSClient",
            dependencies: [
                "AWSValues",
                "CCurl",
                "CLibXML2",
                "OrderedJSON",
                "Platform",
                .product(name: "Crypto", package: "swift-crypto"),
                .product(name: "DequeModule", package: "swift-collections"),
                .product(name: "OrderedCollections", package: "swift-collections"),
            ]
        ),
        // How several machines share a run without a write that is lost or sent twice: claim, lease and seal as values.
        // Pure: no clocks, no sockets.
        .target(name: "Fencing"),
        // Plans and executes runs over a small store interface. Knows nothing of curl and flags.
        .target(
            name: "Rollout",
            dependencies: [
                "AWSValues",
                "OrderedJSON",
                "Platform",
                "SharePlan",
                .product(name: "Crypto", package: "swift-crypto"),
                .product(name: "DequeModule", package: "swift-collections"),
            ]
        ),
        // An ECR and STS of our own on loopback, with faults. Never linked into ecr-share.
        .target(
            name: "SimulatedAWS",
            dependencies: [
                .product(name: "Crypto", package: "swift-crypto"),
                .product(name: "NIOCore", package: "swift-nio"),
                .product(name: "NIOHTTP1", package: "swift-nio"),
                .product(name: "NIOPosix", package: "swift-nio"),
                .product(name: "OrderedCollections", package: "swift-collections"),
            ]
        ),

        .executableTarget(
            name: "ecr-share",
            dependencies: [
                "AWSClient",
                "AWSValues",
                "CYAML",
                "OrderedJSON",
                "Platform",
                "Rollout",
                "SharePlan",
                .product(name: "ArgumentParser", package: "swift-argument-parser"),
            ]
        ),
        .executableTarget(
            name: "ecr-share-sandbox",
            dependencies: [
                "Platform",
                "SimulatedAWS",
                .product(name: "ArgumentParser", package: "swift-argument-parser"),
            ]
        ),

        // What several test targets share: random numbers from a seed, sample policies and plans.
        .target(
            name: "TestSupport",
            dependencies: [
                "AWSValues", "OrderedJSON", "SharePlan",
                .product(name: "OrderedCollections", package: "swift-collections"),
            ],
            path: "Tests/TestSupport"
        ),
        .testTarget(name: "AWSValuesTests", dependencies: ["AWSValues"]),
        .testTarget(name: "OrderedJSONTests", dependencies: ["OrderedJSON"]),
        // Every interleaving of two and three workers with pauses, lost answers and kills.
        .testTarget(name: "FencingTests", dependencies: ["Fencing"]),
        .testTarget(
            name: "SharePlanTests",
            dependencies: [
                "AWSValues",
                "OrderedJSON",
                "SharePlan",
                "TestSupport",
                .product(name: "Crypto", package: "swift-crypto"),
                .product(name: "OrderedCollections", package: "swift-collections"),
            ],
            exclude: ["Rendering/Golden"]
        ),
        // Generated cases: properties of the merge and of rollbacks, and the evaluator against a judge that knows only
        // AWS's documentation.
        .testTarget(
            name: "PropertyTests",
            dependencies: [
                "AWSValues", "OrderedJSON", "SharePlan", "TestSupport",
                .product(name: "OrderedCollections", package: "swift-collections"),
            ]
        ),
        .testTarget(
            name: "AWSClientTests",
            dependencies: [
                "AWSClient", "AWSValues", "OrderedJSON", "Platform", "SimulatedAWS", "TestSupport",
                .product(name: "Crypto", package: "swift-crypto"),
            ],
            exclude: [
                "Credentials/resolve-many-with-botocore.py", "HTTP/serve-tls.py", "Signing/sign-with-botocore.py",
            ]
        ),
        // Everything that is read from outside, with inputs that are almost right.
        .testTarget(
            name: "FuzzTests",
            dependencies: ["AWSClient", "AWSValues", "OrderedJSON", "Rollout", "SharePlan", "TestSupport", "ecr-share"]
        ),
        .testTarget(
            name: "RolloutTests",
            dependencies: [
                "AWSClient", "AWSValues", "OrderedJSON", "Platform", "Rollout", "SharePlan", "SimulatedAWS",
                "TestSupport", "ecr-share",
                .product(name: "OrderedCollections", package: "swift-collections"),
            ]
        ),
        .testTarget(
            name: "SimulatedAWSTests",
            dependencies: ["SimulatedAWS", .product(name: "Crypto", package: "swift-crypto")],
            exclude: ["Botocore"]
        ),
        .testTarget(
            name: "EndToEndTests",
            dependencies: [
                "AWSClient", "AWSValues", "OrderedJSON", "Platform", "Rollout", "SharePlan", "SimulatedAWS",
                "TestSupport",
                "ecr-share", "ecr-share-sandbox",
            ],
            exclude: ["Browser", "Credentials/resolve-with-botocore.py", "Moto", "Schema"]
        ),
    ],
    swiftLanguageModes: [.v6]
)

// One place for every target's settings: the same upcoming features everywhere, and no warning survives.
for target in package.targets where target.type != .system {
    target.swiftSettings = [
        .enableUpcomingFeature("ExistentialAny"),
        .enableUpcomingFeature("InternalImportsByDefault"),
        .enableUpcomingFeature("MemberImportVisibility"),
        .treatAllWarnings(as: .error),
    ]
}

// The tests make a hundred thousand plans, and each asks the evaluator about everybody: without the optimizer that
// takes a quarter of an hour. Release builds are optimized anyway.
for target in package.targets
where [
    "AWSValues", "Fencing", "FencingTests", "OrderedJSON", "PropertyTests", "SharePlan", "TestSupport",
].contains(target.name) {
    target.swiftSettings?.append(.unsafeFlags(["-O"], .when(configuration: .debug)))
}
