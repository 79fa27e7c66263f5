import Dispatch

/// The question for the current code of an MFA device, for profiles whose role asks for one.
enum MFAPrompt {
    /// Asks on the terminal; nil without somebody to ask, or without an answer.
    static func ask(_ serialNumber: String) async -> String? {
        guard Confirmation.isPossible else { return nil }
        return await withCheckedContinuation { continuation in
            // Reading blocks for as long as the person looks for the device.
            DispatchQueue(label: "ecr-share.mfa").async {
                Terminal.standardError.write("Code of the MFA device \(serialNumber): ")
                let code = readLine(strippingNewline: true)?.filter { !$0.isWhitespace }
                continuation.resume(returning: code?.isEmpty == false ? code : nil)
            }
        }
    }
}
