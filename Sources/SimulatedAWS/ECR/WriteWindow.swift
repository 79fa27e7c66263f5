import Synchronization

/// The time between a look at a policy and the write that replaces it: whatever somebody else writes in it is lost,
/// since ECR's writes know no condition.
package struct WriteWindow: Hashable, Sendable {
    package let repository: RepositoryAddress
    /// Seconds of uptime at which the last look before the write took effect, and at which the write did.
    package let lookedAt: Double
    package let wroteAt: Double

    package var seconds: Double { wroteAt - lookedAt }
}

extension CloudState {
    /// Keeps when a caller's account last looked at a policy.
    mutating func noteLook(at repository: RepositoryAddress) {
        looks[repository] = uptime
    }

    /// Keeps the window that a write closes.
    mutating func noteWrite(of repository: RepositoryAddress) {
        guard let lookedAt = looks.removeValue(forKey: repository) else { return }
        writeWindows.append(WriteWindow(repository: repository, lookedAt: lookedAt, wroteAt: uptime))
    }
}

extension Cloud {
    /// The windows of all writes that took effect and that a look came before, in their order.
    package var writeWindows: [WriteWindow] { state.withLock(\.writeWindows) }
}
