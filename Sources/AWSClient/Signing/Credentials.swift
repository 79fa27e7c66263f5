/// What signs requests. No way of printing it shows the secret or the token.
package struct Credentials: Hashable, Sendable {
    package let accessKeyID: String
    package let secretAccessKey: String
    package var sessionToken: String?

    /// What no message may repeat.
    var secrets: [String] { [accessKeyID, secretAccessKey, sessionToken].compactMap { $0 } }
}

extension Credentials: CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
    package var description: String {
        "credentials \(accessKeyID) (secret\(sessionToken == nil ? "" : " and token") hidden)"
    }

    package var debugDescription: String { description }

    /// `dump` and string interpolation of enclosing values go through the mirror, so it hides the same.
    package var customMirror: Mirror {
        Mirror(self, children: ["accessKeyID": accessKeyID])
    }
}
