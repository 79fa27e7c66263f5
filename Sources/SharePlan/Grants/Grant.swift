package import AWSValues

/// One consumer's access to one repository.
///
/// A `lambda-only` grant is for the functions of one account in one region and carries that region; the other kinds
/// have none. Ordered by consumer, then access, then region.
package struct Grant: Hashable, Comparable, Sendable {
    package let consumer: Consumer
    package let access: Access
    /// The region of the Lambda functions; nil unless `access` is ``Access/lambdaOnly``.
    package let consumerRegion: Region?

    package init(consumer: Consumer, access: Access, consumerRegion: Region? = nil) {
        self.consumer = consumer
        self.access = access
        self.consumerRegion = consumerRegion
    }

    package static func < (left: Grant, right: Grant) -> Bool {
        if case .account(let first) = left.consumer, case .account(let second) = right.consumer {
            // Most are accounts, and hundreds are sorted for each repository.
            if first != second { return first < second }
        } else if left.consumer != right.consumer {
            return left.consumer < right.consumer
        }
        if left.access != right.access { return left.access < right.access }
        return (left.consumerRegion?.name ?? "") < (right.consumerRegion?.name ?? "")
    }
}

/// A grant that the matrix asks for, with the reason and the end that its row gives.
package struct WantedGrant: Hashable, Sendable {
    package let grant: Grant
    /// The matrix's `reason` cell; empty when the row has none.
    package let reason: String
    /// The first day without the grant, in UTC; nil when it does not end. Where several rows give the grant, the latest
    /// of their days, nil if one of them has none: the grant lasts as long as any row gives it.
    package let expires: CalendarDate?
    /// Of a grant that goes because it has expired: the line of its row in the matrix.
    package let row: Int?

    package init(_ grant: Grant, reason: String = "", expires: CalendarDate? = nil, row: Int? = nil) {
        self.grant = grant
        self.reason = reason
        self.expires = expires
        self.row = row
    }

    /// Reasons are equal only to the byte. `==` of strings also treats different spellings of a letter as equal.
    package static func == (left: WantedGrant, right: WantedGrant) -> Bool {
        left.grant == right.grant && left.expires == right.expires && left.row == right.row
            && left.reason == right.reason && left.reason.utf8.elementsEqual(right.reason.utf8)
    }

    /// Whether the grant has ended on a day, in UTC.
    package func hasExpired(on day: CalendarDate) -> Bool {
        expires.map { $0 <= day } ?? false
    }
}
