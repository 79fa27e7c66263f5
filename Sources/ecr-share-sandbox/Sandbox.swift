// A simulated AWS for scripts and for trying things out: `World` and `Faults` are read from files (`AtomicFile`) or
// made up (`WorldSize`), `SimulatedAWS` serves them on loopback, `Announcement` tells how to reach it, `Signals` and
// `ParentProcess` when to end, and `Summary` what was served.

import ArgumentParser
import Platform
import SimulatedAWS

/// Serves a simulated AWS on loopback until it is asked to end.
@main
struct Sandbox: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "ecr-share-sandbox",
        abstract: "Serve a simulated ECR, STS, Organizations and S3 on 127.0.0.1.",
        discussion: """
            One port serves all services, in every region. It keeps everything in memory and ends on SIGTERM \
            or SIGINT with one line about the calls that it served. docs/sandbox.md describes the files.
            """
    )

    @Option(help: "JSON file that says what exists: keys, roles, repositories, buckets, an organization.")
    var seed: String?

    @Option(
        help: ArgumentHelp(
            "Make up a world of this size instead: 10x2x500 is 10 accounts with 500 repositories in each of 2 regions.",
            valueName: "accountsxregionsxrepositories"
        )
    )
    var generate: WorldSize?

    @Option(help: "The part of made-up repositories that carry somebody else's statement, from 0 to 1.")
    var foreignShare = 0.25

    @Option(help: "The port; 0 takes any that is free.")
    var port = 0

    @Option(help: "Milliseconds before every answer.")
    var latency: Double?

    @Option(help: "Up to this many more milliseconds, at random.")
    var jitter: Double?

    @Option(help: "JSON file that says what goes wrong.")
    var faults: String?

    @Option(help: "ECR calls a second for each account, region and operation; more are throttled.")
    var rate: Double?

    @Option(help: "File that gets the endpoint, the process id and shell export lines once it is ready.")
    var announce: String?

    @Option(help: "File that gets every policy as JSON on SIGHUP and at the end.")
    var state: String?

    @Option(help: "End when this process ends.", transform: { try ParentProcess($0) })
    var exitWithParent: ParentProcess?

    func validate() throws {
        guard (seed == nil) != (generate == nil) else {
            throw ValidationError("Give either --seed FILE or --generate SIZE.")
        }
        guard (0...1).contains(foreignShare) else { throw ValidationError("--foreign-share must be from 0 to 1.") }
        guard (0...65_535).contains(port) else { throw ValidationError("--port must be from 0 to 65535.") }
        guard rate.map({ $0 > 0 }) != false else { throw ValidationError("--rate must be above 0.") }
    }

    func run() async throws {
        // Signals that come while the world is being built must not be lost.
        let signals = Signals()
        let world = try world()
        let cloud = Cloud(world, faults: try chosenFaults())
        let server = try await start(cloud)
        let announcement = Announcement(endpoint: server.endpoint, key: world.accessKeys[0])
        if let announce { try AtomicFile.write(announcement.text, to: announce) }
        say(announcement.line)
        for await event in signals.events(endingWith: exitWithParent) {
            if let state { try AtomicFile.write(cloud.stateDump.compact + "\n", to: state) }
            if event == .end { break }
        }
        await server.stop()
        say("\(Summary(cloud))")
    }

    /// Without a buffer: whoever waits for the ready line through a pipe gets it at once. Without a reader it is lost.
    private func say(_ line: String) {
        _ = writeAll(Array("\(line)\n".utf8), to: STDOUT_FILENO)
    }

    private func start(_ cloud: Cloud) async throws -> SimulatedAWSServer {
        do {
            return try await SimulatedAWSServer.start(cloud, port: port)
        } catch {
            throw ValidationError("cannot listen on port \(port) of 127.0.0.1; is it taken? (\(error))")
        }
    }

    private func world() throws -> World {
        if let generate {
            return World.generated(
                accounts: generate.accounts,
                regions: generate.regions,
                repositories: generate.repositories,
                foreignShare: foreignShare
            )
        }
        let path = seed ?? ""
        return try AtomicFile.naming(path) { try World(seed: try AtomicFile.read(path)) }
    }

    private func chosenFaults() throws -> Faults {
        var chosen = Faults()
        if let faults { chosen = try AtomicFile.naming(faults) { try Faults(json: try AtomicFile.read(faults)) } }
        if let latency { chosen.latencyMilliseconds = latency }
        if let jitter { chosen.jitterMilliseconds = jitter }
        if let rate { chosen.rateLimits.append(Faults.RateLimit(perSecond: rate)) }
        return chosen
    }
}
