import AWSValues

/// What the cells of a row must be to each other: partitions, Lambda, the owner itself.
///
/// Knows just enough of each value to see in a few comparisons that a row has no diagnostics.
struct RowChecks {
    /// The values of one grant, as numbers of a ``Vocabulary``.
    struct Values {
        let account: UInt32
        let regions: UInt32
        let consumer: UInt32
        let words: AccessWords
        let consumerRegions: UInt32
    }

    /// By region set: a bit for its partition; 0 for the empty set.
    private var partitionOfRegions: [UInt8] = []
    /// By consumer: bits for the partitions that its spelling shows.
    private var partitionsOfConsumer: [UInt8] = []
    /// By consumer: the number of its account, if it is one.
    private var accountOfConsumer: [UInt32] = []
    /// By consumer: whether lambda access may be granted on its behalf.
    private var takesLambda: [Bool] = []
    /// Pairs of a region set and consumer regions of which there is nothing to say.
    private var soundRegions: Set<UInt64> = []

    mutating func learn(regions: [Region], number: UInt32) {
        while partitionOfRegions.count <= Int(number) { partitionOfRegions.append(0) }
        partitionOfRegions[Int(number)] = regions.first.map { RowChecks.bit(of: $0.partition) } ?? 0
    }

    mutating func learn(consumer: MatrixConsumer, number: UInt32, accounts: inout NumberTable<AccountID>) {
        guard Int(number) == takesLambda.count else { return }
        partitionsOfConsumer.append(
            (consumer.members ?? []).compactMap(\.partition).reduce(0) { $0 | RowChecks.bit(of: $1) })
        takesLambda.append(consumer.lambdaRefusal == nil)
        if case .consumer(.account(let account)) = consumer {
            accountOfConsumer.append(accounts.number(of: account))
        } else {
            accountOfConsumer.append(CellTable.invalid)
        }
    }

    /// Whether ``faults(_:_:)`` would certainly find nothing.
    @inline(__always)
    func isUnremarkable(_ values: Values) -> Bool {
        guard values.regions != CellTable.invalid, values.account != CellTable.invalid else { return false }
        let consumer = Int(values.consumer)
        return partitionsOfConsumer[consumer] & ~partitionOfRegions[Int(values.regions)] == 0
            && accountOfConsumer[consumer] != values.account
            && (takesLambda[consumer] || !values.words.usesLambda)
            && (values.consumerRegions == 0
                || (values.words.usesLambda && soundRegions.contains(RowChecks.regionPair(of: values))))
    }

    /// Whether ``faults(_:_:)`` would certainly find nothing in a column of a wide matrix, whatever words are in it.
    func isUnremarkable(account: UInt32, regions: UInt32, _ column: WideRows.Column) -> Bool {
        column.regions == 0
            && isUnremarkable(
                Values(
                    account: account, regions: regions, consumer: column.consumer, words: .lambda, consumerRegions: 0))
    }

    /// Remembers that ``faults(_:_:)`` found nothing, so that the next row like this is skipped.
    mutating func learnSound(_ values: Values) {
        if values.words.usesLambda, values.regions != CellTable.invalid {
            soundRegions.insert(RowChecks.regionPair(of: values))
        }
    }

    func faults(_ values: Values, _ vocabulary: Vocabulary) -> [CellFault] {
        var faults: [CellFault] = []
        let consumer = vocabulary.consumers[values.consumer]
        let regions = values.regions == CellTable.invalid ? [] : vocabulary.regionSets[values.regions]
        let consumerRegions = vocabulary.regionSets[values.consumerRegions]
        if values.account != CellTable.invalid, accountOfConsumer[Int(values.consumer)] == values.account {
            faults.append(
                .warning(
                    .ownAccount,
                    "\(consumer.description) is the owner account itself, which has access by its own IAM policies; "
                        + "delete the row, unless the policy should name it"))
        }
        if let region = regions.first {
            faults += partitionFaults(consumer, region, consumerRegions)
        }
        if values.words.usesLambda {
            if let refusal = consumer.lambdaRefusal {
                faults.append(CellFault(.lambda, refusal))
            } else if faults.allSatisfy({ $0.severity == .warning }), let region = regions.first {
                faults += crossRegionFaults(region, regions, consumerRegions)
            }
        } else if !consumerRegions.isEmpty {
            faults.append(
                .warning(
                    .consumerRegion,
                    "the consumer region \(RowChecks.list(consumerRegions)) has no effect: only lambda and lambda-only "
                        + "depend on it; delete it, or add lambda"))
        }
        return faults
    }

    private func partitionFaults(
        _ consumer: MatrixConsumer, _ region: Region, _ consumerRegions: [Region]
    ) -> [CellFault] {
        var faults: [CellFault] = []
        if let stranger = consumer.members?.first(where: { ($0.partition ?? region.partition) != region.partition }) {
            faults.append(
                CellFault(
                    .partition,
                    "\(stranger) is not in the partition \(region.partition.id) of \(region); grants do not cross "
                        + "partitions: correct the ARN or the region"))
        }
        if let other = consumerRegions.first, other.partition != region.partition {
            faults.append(
                CellFault(
                    .partition,
                    "the consumer region \(other) is in the partition \(other.partition.id), but \(region) is in "
                        + "\(region.partition.id); grants do not cross partitions"))
        }
        return faults
    }

    private func crossRegionFaults(
        _ region: Region, _ regions: [Region], _ consumerRegions: [Region]
    ) -> [CellFault] {
        guard let other = consumerRegions.first(where: { regions != [$0] }) else { return [] }
        let repository = regions.contains(other) ? regions.first { $0 != other } ?? region : region
        return [
            .warning(
                .consumerRegion,
                "Lambda pulls from its function's own region, so functions in \(other) cannot use a repository in "
                    + "\(repository); leave the consumer region empty to mean the repository's own")
        ]
    }

    private static func regionPair(of values: Values) -> UInt64 {
        UInt64(values.regions) << 32 | UInt64(values.consumerRegions)
    }

    private static func list(_ regions: [Region]) -> String {
        regions.map(\.name).joined(separator: ";")
    }

    private static func bit(of partition: Partition) -> UInt8 {
        1 << UInt8(Partition.allCases.firstIndex(of: partition) ?? 0)
    }
}
