import AWSValues
import OrderedCollections

/// The sections of a plan's text form.
struct PlanPage: Sendable {
    private typealias Word = TextLayout.Word

    /// Lines of names that a group shows before the rest is counted, unless verbose.
    private static let nameLines = 3
    /// Consumers that gain access which are named before the rest is counted, unless verbose. Losers are always named.
    private static let gainers = 10
    /// Above this many, consumers are listed behind what they gain or lose instead of before it.
    private static let fewConsumers = 3

    private let options: TextOptions
    private var layout: TextLayout

    init(options: TextOptions) {
        self.options = options
        layout = TextLayout(options: options)
    }

    var text: String { layout.text }

    private var isVerbose: Bool { options.verbosity == .verbose }

    mutating func heading(_ sentence: String, _ style: TextLayout.Style) {
        layout.blankLine()
        layout.paragraph(TextLayout.words(sentence, style), indent: 0)
    }

    /// A paragraph without a heading or mark.
    mutating func paragraph(_ sentence: String) {
        layout.paragraph(TextLayout.words(sentence), indent: 0)
    }

    /// The summary line, which is alone at the end. It is broken only before `digest`, and only where a terminal would
    /// break it within the digest.
    mutating func last(_ sentence: String, _ digest: String? = nil) {
        layout.blankLine()
        let line = [sentence, digest].compactMap(\.self).joined(separator: " ")
        guard let digest, options.isTerminal, line.unicodeScalars.count > options.width else {
            return layout.line(line, .strong)
        }
        layout.line(sentence, .strong)
        layout.line(digest, .strong)
    }

    /// One more line behind the last one.
    mutating func line(_ sentence: String) {
        layout.line(sentence, .strong)
    }

    mutating func groups(_ title: String, _ style: TextLayout.Style, mark: String, _ groups: [PlanGroups.Group]) {
        guard !groups.isEmpty else { return }
        heading(title, style)
        for group in groups {
            let mark = Word(mark, style)
            let clauses = group.clauses
            var words = place(of: group.repositories, reason: group.sharedReason)
            if clauses.count == 1 { words += sentence(clauses[0]) }
            if group.difference.isEmpty, clauses.isEmpty { words += TextLayout.words("nobody gains or loses access") }
            layout.paragraph(words, indent: 4, mark: mark)
            if clauses.count > 1 {
                for clause in clauses { layout.paragraph(sentence(clause), indent: 4) }
            }
            if group.deleted > 0 {
                layout.paragraph(TextLayout.words(deletion(group), .warning), indent: 4)
            }
            names(of: group.repositories)
        }
    }

    private func deletion(_ group: PlanGroups.Group) -> String {
        if group.deleted == group.repositories.count {
            return group.deleted == 1 ? "the policy is deleted" : "the policies are deleted"
        }
        return "\(group.deleted.counting("policy is", "policies are")) deleted"
    }

    mutating func notes(_ title: String, _ style: TextLayout.Style, mark: String, _ notes: [PlanNotes.Note]) {
        guard !notes.isEmpty else { return }
        heading(title, style)
        for note in notes {
            var words = place(of: note) + TextLayout.words(note.message)
            if let request = note.request { words += TextLayout.words("(\(request))", .faint) }
            if let code = note.code { words += TextLayout.words("[\(code)]", .faint) }
            layout.paragraph(words, indent: 4, mark: Word(mark, style))
            names(of: note.repositories)
        }
    }

    private func place(of note: PlanNotes.Note) -> [Word] {
        guard !note.registries.isEmpty else { return place(of: note.repositories) }
        let count = note.repositories.count
        let named = count > 0 ? ", with \(note.repositories.single?.name.text ?? count.repositories)" : ""
        return TextLayout.words("\(note.registries.folded)\(named):", .strong)
    }

    mutating func statements(_ changes: StatementChanges) {
        guard !changes.groups.isEmpty else { return }
        heading("Statements", .strong)
        for (difference, group) in changes.groups {
            let size = group.sizeSentence.map { TextLayout.words($0, .faint) } ?? []
            layout.paragraph(place(of: group.repositories) + size, indent: 4, mark: Word("@", .strong))
            names(of: group.repositories)
            for line in difference.lines { layout.line(line.marked, style(of: line), indent: 4) }
        }
    }

    private func style(of line: LineDifference.Line) -> TextLayout.Style {
        switch line {
        case .kept: .plain
        case .removed: .loss
        case .added: .gain
        case .skipped: .faint
        }
    }

    /// The largest document, once it comes near the limit.
    mutating func size(_ largest: (repository: RepositoryID, size: Int)?) {
        guard let largest, largest.size * 5 > PolicyTooLarge.hardLimit * 4 else { return }
        heading(
            "Sizes: largest policy \(largest.size.grouped) of \(PolicyTooLarge.hardLimit.grouped) characters in "
                + largest.repository.description, .warning)
    }

    /// `24 repositories in 111122223333 us-east-1 (TICKET-42):`, or the only repository by its name.
    private func place(of repositories: RepositorySet, reason: String? = nil) -> [Word] {
        var place: String
        if let single = repositories.single {
            place = single.description
        } else if let fold = repositories.folds.first, fold.count == repositories.count {
            place = "\(repositories.count.repositories) in \(fold.place)"
        } else {
            let registries = repositories.registries.count.counting("registry", "registries")
            place = "\(repositories.count.repositories) in \(registries)"
        }
        guard let reason else { return TextLayout.words(place + ":", .strong) }
        return TextLayout.words(place, .strong) + TextLayout.words("(\(reason)):", .faint)
    }

    /// `444455556666 gains pull`, or for more than a few consumers `290 accounts gain pull: …`.
    private func sentence(_ clause: AccessClause) -> [Word] {
        let style: TextLayout.Style =
            switch clause.tone {
            case .loss: .loss
            case .gain: .gain
            case .same: .strong
            }
        let verb = TextLayout.words("\(clause.verb) \(clause.access)", style)
        let reason = clause.reason.isEmpty ? [] : TextLayout.words("(\(clause.reason))", .faint)
        var named = clause.names
        guard named.count > PlanPage.fewConsumers else { return TextLayout.words(named.inWords) + verb + reason }
        let subject = TextLayout.words("\(named.count.grouped) \(clause.noun)")
        if clause.tone == .gain, !isVerbose, named.count > PlanPage.gainers {
            let hidden = named.count - PlanPage.gainers + 1
            named = named.prefix(PlanPage.gainers - 1) + ["\(hidden.grouped) more (--verbose names them)"]
        }
        return subject + verb + reason + TextLayout.words(": " + named.inWords).gluingFirst()
    }

    private mutating func names(of repositories: RepositorySet) {
        guard repositories.count > 1 else { return }
        let folds = repositories.folds
        for fold in folds {
            var words = folds.count == 1 ? [] : TextLayout.words("\(fold.place):")
            let folded = FoldedNames(fold.names)
            var (pieces, hidden) = (folded.pieces, 0)
            if !isVerbose {
                let room = (options.width - 6) * PlanPage.nameLines
                (pieces, hidden) = folded.prefix(characters: room)
            }
            words += pieces.map { Word($0.text, isGlued: $0.isGlued) }
            if hidden > 0 { words += TextLayout.words("and \(hidden.grouped) more (--verbose names them)", .faint) }
            if fold.registries.count > 1 { words += TextLayout.words("in each", .faint) }
            layout.paragraph(words, indent: 6)
        }
    }
}

extension [TextLayout.Word] {
    /// The words with the first one joined to the text before.
    fileprivate func gluingFirst() -> [TextLayout.Word] {
        var words = self
        if !words.isEmpty { words[0].isGlued = true }
        return words
    }
}
