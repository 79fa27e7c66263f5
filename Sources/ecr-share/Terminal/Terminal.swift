import Platform
import SharePlan

/// A standard stream of the process, and what is at its other end.
struct Terminal: Sendable {
    let descriptor: Int32

    static let standardInput = Terminal(descriptor: STDIN_FILENO)
    static let standardOutput = Terminal(descriptor: STDOUT_FILENO)
    static let standardError = Terminal(descriptor: STDERR_FILENO)

    /// Gives the standard streams that are closed a place that takes nothing, or a file that is opened next would get
    /// the number of one, and the program's words.
    static func fillClosedStreams() {
        for descriptor in [STDIN_FILENO, STDOUT_FILENO, STDERR_FILENO] where fcntl(descriptor, F_GETFD) == -1 {
            // The lowest free number is the one that was just found closed. Reading only, so that writing still fails.
            _ = open("/dev/null", O_RDONLY)
        }
    }

    var isInteractive: Bool { isatty(descriptor) == 1 }

    /// The columns of the terminal; nil when it is not a terminal or its width is unknown.
    var width: Int? {
        var size = winsize()
        guard isInteractive, ioctl(descriptor, UInt(TIOCGWINSZ), &size) == 0, size.ws_col > 0 else { return nil }
        return Int(size.ws_col)
    }

    /// Whether colours may be used, as https://no-color.org asks.
    func allowsColor(_ choice: OutputOptions.ColorChoice, environment: [String: String]) -> Bool {
        switch choice {
        case .always: true
        case .never: false
        case .auto: isInteractive && environment["NO_COLOR", default: ""].isEmpty && environment["TERM"] != "dumb"
        }
    }

    /// Says one line, whatever `text` holds: what others wrote (Sids, messages, names of files) can neither move the
    /// cursor nor begin a line of its own. `start` is ours, and stays as it is.
    func say(_ text: String, after start: String = "") {
        write(start + text.visible() + "\n")
    }

    /// Says a sentence, as ``say(_:after:)`` does. On a terminal it is broken at words and further lines are indented;
    /// a command at its end stays whole, so that it can be copied. Elsewhere it is one line.
    func explain(_ text: String, mark: TextLayout.Word? = nil, color: Bool = false) {
        var layout = TextLayout(options: TextOptions(width: width ?? .max, color: color))
        layout.sentence(text, indent: 2, mark: mark)
        write(layout.text)
    }

    /// Asks for a line; nil at the end of input.
    func ask(_ question: String) -> String? {
        write(question.visible())
        return readLine(strippingNewline: true)
    }

    /// Writes all of `text` as it is. What cannot be written is lost: there is nowhere left to say so.
    func write(_ text: String) {
        _ = writeAll(Array(text.utf8))
    }

    /// Writes all bytes, and returns whether the reader took them.
    func writeAll(_ bytes: [UInt8]) -> Bool { Platform.writeAll(bytes, to: descriptor) }
}
