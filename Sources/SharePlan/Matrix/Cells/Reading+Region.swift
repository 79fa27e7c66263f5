import AWSValues

extension Reading where Value == [Region] {
    /// Reads regions separated by `;`: sorted, each once, all of one partition. An empty cell gives none, which is an
    /// error where `isRequired`; `column` is the column's name.
    init(
        regions text: String, column: String, kind: Diagnostic.Kind = .region, isRequired: Bool, options: MatrixOptions
    ) {
        let values = separateValues(of: text)
        guard !values.isEmpty || !isRequired else {
            self.init(CellFault(.emptyCell, "\(column) is empty; write the repository's region, such as us-east-1"))
            return
        }
        var faults: [CellFault] = []
        var regions: [Region] = []
        for (text, offset) in values {
            guard let region = Region(text) else {
                faults.append(Reading.refusal(of: text, offset: offset, column: column, kind: kind))
                continue
            }
            if regions.contains(region) {
                faults.append(.warning(kind, "\(column) names \(region) twice; delete one", offset: offset))
                continue
            }
            if let first = regions.first, first.partition != region.partition {
                faults.append(
                    CellFault(
                        .partition,
                        "\(region) is in the partition \(region.partition.id), but \(first) is in "
                            + "\(first.partition.id); write a row for each partition", offset: offset))
            }
            if !options.isKnown(region) {
                let nearest = suggestion(for: text, among: Region.knownNames)
                let near = nearest.isEmpty ? "; if" : nearest + " If"
                faults.append(
                    CellFault(
                        kind,
                        "\(column) \(shown(text)) is not a region that this version knows\(near) "
                            + "AWS has opened it since, add --allow-region \(region)", offset: offset))
            }
            regions.append(region)
        }
        self.init(regions.sorted(), faults)
    }

    private static func refusal(of text: String, offset: Int, column: String, kind: Diagnostic.Kind) -> CellFault {
        if var damage = SpreadsheetDamage.ofAnyCell(text) {
            damage.offset += offset
            return damage
        }
        let nearest = suggestion(for: text, among: Region.knownNames)
        let hint = separatorHint(in: text)
        return CellFault(
            kind,
            "\(column) \(shown(text)) is not a valid region name such as us-east-1"
                + (hint.isEmpty ? nearest : hint), offset: offset)
    }
}
