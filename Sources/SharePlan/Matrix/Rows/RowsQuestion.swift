import AWSValues

/// All that a matrix says of a target, the target's name not among it: what decides the grants that it wants.
package struct RowsQuestion: Hashable, Sendable {
    /// The numbers of each row's values, row by row.
    private let values: [UInt32]

    /// The question for one target of a matrix. The grants are those of this matrix alone.
    init(_ target: Target, records: [UInt32], in matrix: Matrix) {
        var values: [UInt32] = []
        var dependsOnRegion = false
        switch matrix.rows.form {
        case .long:
            values.reserveCapacity(records.count * 2 + 1)
            for record in records {
                let row = matrix.rows.long[Int(record)]
                values.append(row.consumer)
                values.append(row.remark)
            }
            dependsOnRegion = matrix.usesOwnRegion
        case .wide:
            values.reserveCapacity(records.count * (matrix.rows.wide.width + 2) + 1)
            for record in records {
                let row = matrix.rows.wide.rows[Int(record)]
                values.append(row.expiry)
                values.append(row.reason)
                for words in matrix.rows.wide.words(of: record) {
                    values.append(UInt32(words))
                    if AccessWords(rawValue: words).usesLambda { dependsOnRegion = true }
                }
            }
        }
        // The region of Lambda functions is the repository's own unless the matrix names one.
        values.append(dependsOnRegion ? UInt32(matrix.rank(of: target.repository.region)) : 0)
        self.values = values
    }

    /// In bytes.
    var size: Int { values.count * MemoryLayout<UInt32>.stride }
}
