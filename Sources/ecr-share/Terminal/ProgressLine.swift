import Rollout
import Synchronization

/// One line on the terminal that tells how far a run is. Nothing without a terminal, with `--quiet` or `--no-progress`.
final class ProgressLine: Sendable {
    private struct State {
        var started: ContinuousClock.Instant?
        var phase: RunProgress.Phase?
        var drawn: ContinuousClock.Instant?
        var isVisible = false
    }

    private let isEnabled: Bool
    private let state = Mutex(State())

    init(_ options: OutputOptions) {
        isEnabled = Terminal.standardError.isInteractive && !options.quiet && !options.noProgress
    }

    /// The observer that draws this line, at most ten times a second.
    var observer: RunObserver {
        guard isEnabled else { return RunObserver() }
        return RunObserver(progress: { self.draw($0) })
    }

    /// Takes the line away, so that text can follow.
    func clear() {
        state.withLock { state in
            if state.isVisible { Terminal.standardError.write("\r\u{1B}[K") }
            state.isVisible = false
        }
    }

    private func draw(_ progress: RunProgress) {
        let now = ContinuousClock.now
        state.withLock { state in
            if state.phase != progress.phase {
                state.phase = progress.phase
                state.started = now
            }
            if let drawn = state.drawn, now - drawn < .milliseconds(100), progress.left > 0 { return }
            state.drawn = now
            state.isVisible = true
            let elapsed = now - (state.started ?? now)
            let text = ProgressLine.text(of: progress, after: elapsed)
            let width = (Terminal.standardError.width ?? 80) - 1
            Terminal.standardError.write("\r\(text.prefix(width))\u{1B}[K")
        }
    }

    /// What the line says after some time in the phase.
    static func text(of progress: RunProgress, after elapsed: Duration) -> String {
        let verb =
            switch progress.phase {
            case .reading: "Reading"
            case .canary: "Writing canaries"
            case .writing: "Writing"
            }
        var parts = ["\(verb) \(progress.done)/\(progress.total)"]
        if progress.failed > 0 { parts.append("\(progress.failed) failed") }
        if progress.conflicts > 0 { parts.append("\(progress.conflicts) conflicts") }
        let seconds = Double(elapsed.components.seconds) + Double(elapsed.components.attoseconds) / 1e18
        if seconds >= 0.5, progress.done > 0 {
            let rate = Double(progress.done) / seconds
            parts.append("\(Int(rate.rounded()))/s")
            if progress.left > 0 { parts.append("\(Int((Double(progress.left) / rate).rounded(.up))) s left") }
        }
        return parts.joined(separator: ", ")
    }
}
