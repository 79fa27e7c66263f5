extension Reading where Value == AccessWords {
    /// Reads access words separated by `;`. Letter case does not count: spreadsheets capitalise. An empty cell gives
    /// none, which is an error where `isRequired`.
    init(access text: String, isRequired: Bool) {
        let values = separateValues(of: text)
        guard !values.isEmpty || !isRequired else {
            self.init(CellFault(.emptyCell, "access is empty; write pull, push, lambda or lambda-only"))
            return
        }
        var words: AccessWords = []
        var faults: [CellFault] = []
        for (text, offset) in values {
            let spelling = text.lowercased()
            guard let word = AccessWords.spellings.first(where: { $0.text == spelling })?.word else {
                if var damage = SpreadsheetDamage.ofAnyCell(text) {
                    damage.offset += offset
                    faults.append(damage)
                    continue
                }
                let hint = separatorHint(in: text)
                faults.append(
                    CellFault(
                        .access,
                        "access \(shown(text)) must be one of pull, push, lambda and lambda-only"
                            + (hint.isEmpty
                                ? suggestion(for: text, among: AccessWords.spellings.lazy.map(\.text)) : hint),
                        offset: offset))
                continue
            }
            if words.contains(word) {
                faults.append(.warning(.access, "access names \(spelling) twice; delete one", offset: offset))
            }
            words.insert(word)
        }
        self.init(words, faults)
    }
}
