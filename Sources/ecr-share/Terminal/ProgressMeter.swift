import AWSValues
package import Rollout

/// Turns counts over time into what a person wants to know: how fast it goes now, and how long it will take.
///
/// Pure: the times are given, from any clock that never jumps.
package struct ProgressMeter: Sendable {
    /// Over how much time the rate is taken: recent, yet calm.
    private static let span: Duration = .seconds(5)

    private struct Sample: Sendable {
        let time: Duration
        let done: Int
    }

    package private(set) var progress: RunProgress?
    /// Oldest first; the first is the last one from before the span, or the start of the phase.
    private var samples: [Sample] = []

    package init() {}

    /// Takes the counts as of a time. A new phase restarts the meter.
    package mutating func take(_ progress: RunProgress, at time: Duration) {
        if self.progress?.phase != progress.phase { samples = [Sample(time: time, done: 0)] }
        self.progress = progress
        samples.append(Sample(time: time, done: progress.done))
        while samples.count > 2, samples[1].time <= time - ProgressMeter.span { samples.removeFirst() }
    }

    /// Repositories a second over the last seconds; nil while too little is known.
    package var rate: Double? {
        guard let first = samples.first, let last = samples.last, last.time - first.time >= .milliseconds(500) else {
            return nil
        }
        return Double(last.done - first.done) / (last.time - first.time).inSeconds
    }

    /// Seconds until all is done at the present rate, rounded up; nil when nothing moves.
    package var secondsLeft: Int? {
        guard let rate, rate > 0, let progress, progress.left > 0 else { return nil }
        return Int((Double(progress.left) / rate).rounded(.up))
    }
}
