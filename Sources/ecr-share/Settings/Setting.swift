import ArgumentParser

/// One setting that commands share, declared once: its name, the values that it takes, what holds where nobody sets it,
/// and its sentence in the help and in docs/configuration.md.
///
/// The name is the key of `ecr-share.yaml` and the long name of the option. A flag wins over a variable of the
/// environment, a variable over the file, the file over the default.
struct Setting<Value: Sendable, Result: Sendable>: Sendable {
    let name: String
    let form: ValueForm<Value>
    /// What it means, without the full stop.
    let meaning: String
    /// AWS's own variables that set the same; AWSClient reads them.
    let variables: [String]
    /// What holds where nobody sets it; nil, or empty, when then nothing does.
    let standard: String?
    private let settle: @Sendable (Value?) -> Result
}

extension Setting {
    /// A setting that always has a value. `standard` is the default in words, if not as it is written.
    init(
        _ name: String, _ form: ValueForm<Value>, _ meaning: String, default value: Value, standard: String? = nil
    ) where Result == Value {
        let standard = standard ?? "\(value)"
        self.init(name: name, form: form, meaning: meaning, variables: [], standard: standard) { $0 ?? value }
    }

    /// A setting that may have no value.
    init(
        _ name: String, _ form: ValueForm<Value>, _ meaning: String, variables: [String] = [], standard: String? = nil
    ) where Result == Value? {
        self.init(name: name, form: form, meaning: meaning, variables: variables, standard: standard) { $0 }
    }

    /// What holds in a run: what the flag says, else what the file says, else the default.
    func value(_ flag: Value?, _ file: ConfigurationFile) -> Result { settle(flag ?? file[self]) }

    /// The help of the option.
    var help: ArgumentHelp {
        let range = form.range.map { ", \($0)" } ?? ""
        let standard = standard.map { $0.isEmpty ? "" : " (default: \($0))" } ?? ""
        return ArgumentHelp("\(meaning)\(range)\(standard).", valueName: form.placeholder)
    }

    /// The help of a flag. A flag that is not passed shows what it would change.
    var flagHelp: ArgumentHelp { ArgumentHelp("\(meaning).") }

    /// Reads the value of the option, for its `transform`.
    @Sendable func parse(_ argument: String) throws -> Value {
        do throws(ValueProblem) { return try form.parse([argument]) } catch {
            throw ValidationError(error.message)
        }
    }
}

extension Setting where Value == [String] {
    /// The same of an option that may be repeated; without one the file holds.
    func value(_ flags: [String], _ file: ConfigurationFile) -> Result { value(flags.isEmpty ? nil : flags, file) }

    /// Reads one value of an option that may be repeated.
    @Sendable func parseOne(_ argument: String) throws -> String { try parse(argument).first ?? argument }
}

/// A setting without its types, as the file is read and the page is written.
protocol AnySetting: Sendable {
    var name: String { get }
    var meaning: String { get }
    var variables: [String] { get }
    var standard: String? { get }
    /// The values that it takes, in words.
    var words: String { get }

    var takesMany: Bool { get }

    /// Why a text is no value of the setting, or one of its values; nil when it is one.
    func problem(with text: String) -> String?
    /// Takes texts without a ``problem(with:)`` from the file. `path` completes a path that is relative to the file.
    func set(_ texts: [String], in file: inout ConfigurationFile, path: (String) -> String)
}

extension Setting: AnySetting {
    var words: String { form.words }
    var takesMany: Bool { form.takesMany }

    func problem(with text: String) -> String? {
        do throws(ValueProblem) {
            _ = try form.parse([text])
            return nil
        } catch {
            return error.message
        }
    }

    func set(_ texts: [String], in file: inout ConfigurationFile, path: (String) -> String) {
        file[self] = try? form.parse(texts.map { form.isPath($0) ? path($0) : $0 })
    }
}
