import AWSValues
import Foundation
import Synchronization

@testable import AWSClient

/// Files and programs that exist only in a test. What was not planned fails.
final class TestFiles: Sendable {
    private let files: Mutex<[String: String]>
    private let programs: [[String]: ProgramResult]

    init(_ files: [String: String] = [:], programs: [[String]: ProgramResult] = [:]) {
        self.files = Mutex(files)
        self.programs = programs
    }

    subscript(path: String) -> String? { files.withLock { $0[path] } }

    func environment(_ variables: [String: String] = [:]) -> Environment {
        Environment(
            variables: variables,
            homeDirectory: "/home/me",
            readFile: { (path) throws(FileAccessError) in
                guard path != "/unreadable" else { throw FileAccessError("/unreadable cannot be opened: no") }
                return self[path].map { Array($0.utf8) }
            },
            writeFile: { (path, contents) throws(FileAccessError) in
                self.files.withLock { $0[path] = String(decoding: contents, as: UTF8.self) }
            },
            run: { (arguments) async throws(FileAccessError) in
                guard let result = self.programs[arguments] else {
                    throw FileAccessError("\(arguments) cannot be started: no such program")
                }
                return result
            }
        )
    }
}

extension ProgramResult {
    init(_ output: String, errors: String = "", status: Int32 = 0) {
        self.init(status: status, output: Array(output.utf8), errorOutput: Array(errors.utf8))
    }
}

/// A wall clock that a test moves; sleeping returns at once and moves nothing.
final class ManualClock: Sendable {
    private let time: Mutex<Timestamp>

    init(_ time: Timestamp = Timestamp(CivilDate(year: 2026, month: 5, day: 1, hour: 12))) {
        self.time = Mutex(time)
    }

    var now: Timestamp { time.withLock { $0 } }

    func advance(_ span: Duration) {
        time.withLock { $0 = $0 + span }
    }

    var clock: AWSClock {
        var clock = AWSClock.impatient
        clock.wall = { self.now }
        return clock
    }
}

/// A folder for a test, to be removed by it.
struct TestFolder {
    let path: String

    init() {
        let url = FileManager.default.temporaryDirectory.appending(path: "ecr-share-test-\(UUID().uuidString)")
        try? FileManager.default.createDirectory(at: url, withIntermediateDirectories: true)
        path = url.path
    }

    func remove() { try? FileManager.default.removeItem(atPath: path) }
}
