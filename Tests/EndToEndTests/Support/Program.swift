import Foundation

/// A program that these tests run as a user would: its own process, arguments, environment and folder.
struct Program {
    let executable: URL

    /// The products that were built together with the tests.
    static let ecrShare = Program(built: "ecr-share")
    static let sandbox = Program(built: "ecr-share-sandbox")

    /// The interpreter with moto and botocore, as scripts/test sets it up.
    static let python = Program(
        executable: URL(
            filePath: ProcessInfo.processInfo.environment["ECR_SHARE_TEST_PYTHON"] ?? "/usr/bin/python3"))

    private init(built name: String) {
        // The test bundle is beside the products.
        executable = URL(filePath: ProcessInfo.processInfo.arguments[0]).deletingLastPathComponent().appending(
            path: name)
    }

    init(executable: URL) {
        self.executable = executable
    }

    /// What a finished process printed.
    struct Result {
        let exitStatus: Int32
        let output: String
        let errors: String
    }

    /// Runs the program to its end. Only the given variables are in its environment, and `PATH`.
    func run(
        _ arguments: [String], environment: [String: String] = [:], folder: URL? = nil, input: String = ""
    ) async throws -> Result {
        let running = try start(arguments, environment: environment, folder: folder, input: input)
        return await running.result()
    }

    /// Starts the program. Without a listener, the reader of its output has closed the pipe.
    func start(
        _ arguments: [String], environment: [String: String] = [:], folder: URL? = nil, input: String = "",
        isHeard: Bool = true
    ) throws -> Running {
        let process = Process()
        process.executableURL = executable
        process.arguments = arguments
        process.environment = environment.merging(["PATH": "/usr/local/bin:/usr/bin:/bin"]) { given, _ in given }
        if let folder { process.currentDirectoryURL = folder }
        let running = Running(process: process, isHeard: isHeard)
        try process.run()
        running.stdin.fileHandleForWriting.write(Data(input.utf8))
        try running.stdin.fileHandleForWriting.close()
        return running
    }

    /// A process under way.
    struct Running {
        let process: Process
        let stdin = Pipe()
        private let output: Task<Data, Never>
        private let errors: Task<Data, Never>

        init(process: Process, isHeard: Bool = true) {
            let (stdout, stderr) = (Pipe(), Pipe())
            process.standardInput = stdin
            process.standardOutput = stdout
            process.standardError = stderr
            self.process = process
            output = Running.drain(stdout)
            errors = isHeard ? Running.drain(stderr) : Task { Data() }
            if !isHeard { try? stderr.fileHandleForReading.close() }
        }

        /// Waits for the end. The pipes are drained all the while, so a talkative process cannot hang.
        func result() async -> Result {
            let output = String(decoding: await output.value, as: UTF8.self)
            let errors = String(decoding: await errors.value, as: UTF8.self)
            process.waitUntilExit()
            let status =
                process.terminationReason == .uncaughtSignal
                ? 128 + process.terminationStatus : process.terminationStatus
            return Result(exitStatus: status, output: output, errors: errors)
        }

        private static func drain(_ pipe: Pipe) -> Task<Data, Never> {
            let handle = pipe.fileHandleForReading
            return Task.detached {
                await withCheckedContinuation { continuation in
                    Thread { continuation.resume(returning: (try? handle.readToEnd()) ?? Data()) }.start()
                }
            }
        }
    }
}
