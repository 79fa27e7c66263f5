/// The question before a run.
enum Confirmation {
    /// Whether the person at the terminal answers `question` with "yes". Anything else, also the end of input, is no.
    static func ask(_ question: String) -> Bool {
        Terminal.standardError.ask("\(question) Type yes to continue: ")?.lowercased() == "yes"
    }

    /// Whether there is somebody to ask.
    static var isPossible: Bool {
        Terminal.standardInput.isInteractive && Terminal.standardError.isInteractive
    }
}
