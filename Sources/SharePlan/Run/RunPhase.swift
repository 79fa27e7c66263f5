/// How far a run came.
package enum RunPhase: Hashable, Sendable {
    /// It ended before its plan was archived, or before it was started; nothing was written.
    case neverStarted
    case running(process: Int)
    /// It was killed: resume it or roll it back.
    case unfinished
    case finished(RunEnding)
    /// Its files are damaged, or of another version; what is wrong with them, for a person.
    case unreadable(String)

    /// The phase in JSON.
    package var word: String {
        switch self {
        case .neverStarted: "never-started"
        case .running: "running"
        case .unfinished: "unfinished"
        case .finished(let ending): ending.rawValue
        case .unreadable: "unreadable"
        }
    }

    /// The phase for a person.
    package var words: String {
        switch self {
        case .neverStarted: "never started"
        case .running(let process): "running, process \(process)"
        case .unfinished: "unfinished"
        case .finished(.completed): "completed"
        case .finished(.interrupted): "interrupted"
        case .finished(.tooManyFailures): "stopped after too many failures"
        case .finished(.canaryFailed): "stopped after its canaries"
        case .unreadable(let reason): "unreadable: \(reason)"
        }
    }
}

/// Why a run ended.
package enum RunEnding: String, Hashable, Sendable {
    /// Everything was tried.
    case completed
    /// Too many repositories failed.
    case tooManyFailures = "too-many-failures"
    /// A canary did not hold.
    case canaryFailed = "canary-failed"
    /// Somebody stopped it.
    case interrupted
}
