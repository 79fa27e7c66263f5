package import AWSClient
import AWSValues
import Rollout

/// What is shown of a run under way, on one line.
package struct ProgressText: CustomStringConvertible {
    package let description: String

    /// `concurrency` is the most repositories at once; `heldBack` are the limits of AWS that calls wait for now;
    /// `awaitingPrincipal` is how many repositories wait for ECR to learn of a new principal.
    ///
    /// Nil before anything is known.
    package init?(_ meter: ProgressMeter, concurrency: Int, heldBack: [HeldBackCalls], awaitingPrincipal: Int = 0) {
        guard let progress = meter.progress else { return nil }
        var parts = ["\(ProgressText.verb(progress.phase)) \(progress.done) of \(progress.total)"]
        if progress.failed > 0 { parts.append("\(progress.failed) failed") }
        if progress.conflicts > 0 { parts.append("\(progress.conflicts) in conflict") }
        if progress.left > 0 {
            parts.append("\(progress.left) left")
            if let rate = meter.rate { parts.append("\(ProgressText.text(of: rate))/s") }
            parts.append(ProgressText.limit(heldBack) ?? "\(min(concurrency, progress.left)) in flight")
            if awaitingPrincipal > 0 { parts.append("\(awaitingPrincipal) waiting for ECR to know a principal") }
            if let seconds = meter.secondsLeft { parts.append("\(ProgressText.span(seconds)) to go") }
        }
        description = parts.joined(separator: ", ")
    }

    private static func verb(_ phase: RunProgress.Phase) -> String {
        switch phase {
        case .reading: "Reading"
        case .canary: "Writing canaries"
        case .writing: "Writing"
        }
    }

    /// What AWS allows where the most calls wait; nil when nothing waits for AWS.
    private static func limit(_ heldBack: [HeldBackCalls]) -> String? {
        guard let worst = heldBack.max(by: { $0.waiting < $1.waiting }) else { return nil }
        let place = [worst.account?.description, worst.region].compactMap(\.self).joined(separator: " ")
        let places = Set(heldBack.map { [$0.account?.description, $0.region] }).count
        let others = places > 1 ? " and \(places - 1) more" : ""
        return "throttled by \(worst.service.displayName) in \(place) at \(text(of: worst.rate))/s\(others)"
    }

    /// Small rates with one decimal.
    private static func text(of rate: Double) -> String {
        guard rate < 9.95 else { return "\(Int(rate.rounded()))" }
        let tenths = Int((rate * 10).rounded())
        return tenths % 10 == 0 ? "\(tenths / 10)" : "\(tenths / 10).\(tenths % 10)"
    }

    /// `50 s`, `4 min`, `2 h 5 min`.
    private static func span(_ seconds: Int) -> String {
        if seconds < 120 { return "\(seconds) s" }
        let minutes = (seconds + 59) / 60
        return minutes < 120 ? "\(minutes) min" : "\(minutes / 60) h \(minutes % 60) min"
    }
}
