import Dispatch

/// The question for the current code of an MFA device, for profiles whose role asks for one.
enum MFAPrompt {
    /// Asks on the terminal; nil without somebody to ask, or without an answer.
    static func ask(_ serialNumber: String) async -> String? {
        guard Confirmation.isPossible else { return nil }
        return await withCheckedContinuation { continuation in
            // Reading blocks for as long as the person looks for the device.
            DispatchQueue(label: "ecr-share.mfa").async {
                let code = Terminal.standardError.ask("Code of the MFA device \(serialNumber): ")?
                    .filter { !$0.isWhitespace }
                continuation.resume(returning: code?.isEmpty == false ? code : nil)
            }
        }
    }
}
