import AWSClient
import Dispatch
import Rollout
import SharePlan
import Synchronization

/// Tells on standard error how far a run is: one line on a terminal, ten times a second; elsewhere a line every ten
/// seconds, for logs. Nothing with `--quiet` or `--no-progress`.
final class ProgressLine: Sendable {
    /// What the observer and the clock share. Counts come thousands of times a second, so taking them costs little.
    private final class State: Sendable {
        let latest = Mutex<RunProgress?>(nil)
        let meter = Mutex(ProgressMeter())
        let isVisible = Mutex(false)
        /// Repositories that wait for ECR to learn of a principal.
        let awaitingPrincipal = Mutex(0)
    }

    private let isEnabled: Bool
    private let state = State()
    private let timer: Mutex<(any DispatchSourceTimer)?>

    /// Begins to show progress. `concurrency` is the most requests at once; `heldBack` are the limits of AWS that calls
    /// wait for at the moment.
    init(
        _ options: OutputOptions, concurrency: Int, heldBack: @escaping @Sendable () -> [HeldBackCalls] = { [] }
    ) {
        isEnabled = !options.quiet && !options.noProgress
        guard isEnabled else {
            timer = Mutex(nil)
            return
        }
        let isLine = Terminal.standardError.isInteractive
        let interval: DispatchTimeInterval = isLine ? .milliseconds(100) : .seconds(10)
        let start = ContinuousClock.now
        let timer = DispatchSource.makeTimerSource(queue: .global(qos: .utility))
        timer.setEventHandler { [state] in
            guard let progress = state.latest.withLock({ $0 }) else { return }
            let now = start.duration(to: .now)
            let text = state.meter.withLock { meter in
                meter.take(progress, at: now)
                return ProgressText(
                    meter, concurrency: concurrency, heldBack: heldBack(),
                    awaitingPrincipal: state.awaitingPrincipal.withLock { $0 })
            }
            if let text { ProgressLine.show(text.description, asLine: isLine, state) }
        }
        timer.schedule(deadline: .now() + interval, repeating: interval)
        timer.resume()
        self.timer = Mutex(timer)
    }

    deinit { clear() }

    /// Takes the counts that this line shows.
    var observer: RunObserver {
        guard isEnabled else { return RunObserver() }
        return RunObserver(
            progress: { [state] progress in state.latest.withLock { $0 = progress } },
            awaitingPrincipal: { [state] number in state.awaitingPrincipal.withLock { $0 += number } })
    }

    /// Ends, and takes the line away, so that text can follow.
    func clear() {
        timer.withLock { $0?.cancel() }
        state.latest.withLock { $0 = nil }
        state.isVisible.withLock { isVisible in
            if isVisible { Terminal.standardError.write("\r\u{1B}[K") }
            isVisible = false
        }
    }

    private static func show(_ text: String, asLine isLine: Bool, _ state: State) {
        state.isVisible.withLock { isVisible in
            guard isLine else { return Terminal.standardError.say(text) }
            // The line was taken away while its text was made.
            guard state.latest.withLock({ $0 != nil }) else { return }
            isVisible = true
            let width = (Terminal.standardError.width ?? 80) - 1
            Terminal.standardError.write("\r\(text.visible().prefix(width))\u{1B}[K")
        }
    }
}
