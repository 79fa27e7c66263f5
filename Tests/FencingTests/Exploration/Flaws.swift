/// Mistakes that the protocol must not make. The world puts them between the machines and the store, so that the
/// production code has none of them.
struct Flaws: OptionSet, Hashable {
    let rawValue: Int

    /// A taker does not seal.
    static let noSeal = Flaws(rawValue: 1 << 0)
    /// A taker whose seal finds its number taken counts the epoch as sealed.
    static let sealWithoutReading = Flaws(rawValue: 1 << 1)
    /// A taker seals the epoch before its own only.
    static let sealOnlyLast = Flaws(rawValue: 1 << 2)
    /// A holder counts its lease from the answer to a renewal.
    static let countedFromAnswer = Flaws(rawValue: 1 << 3)
    /// A holder counts its lease from the last of several attempts at one renewal.
    static let countedFromRepetition = Flaws(rawValue: 1 << 4)
    /// A taker sees a tag once and takes the lease over.
    static let takenAtOnce = Flaws(rawValue: 1 << 5)
    /// A taker does not wait for one more request's timeout beyond the lease's time.
    static let takenWithoutGrace = Flaws(rawValue: 1 << 6)
    /// A renewal stores the content that was there, so that its tag stays.
    static let sameContent = Flaws(rawValue: 1 << 7)
    /// A create without an answer is repeated, and a 412 then counts as lost.
    static let repetitionCountsAsLost = Flaws(rawValue: 1 << 8)
    /// A create without an answer is repeated, and a 412 then counts as won.
    static let repetitionCountsAsWon = Flaws(rawValue: 1 << 9)
    /// A write is sent while its announcement is on its way.
    static let sentBeforeStored = Flaws(rawValue: 1 << 10)
    /// A write is sent whatever the lease says.
    static let sentWithoutLease = Flaws(rawValue: 1 << 11)
    /// A taker looks at writes in doubt as soon as it is ready.
    static let lookedAtOnce = Flaws(rawValue: 1 << 12)
    /// A lease is replaced whatever its tag is.
    static let replacedPlainly = Flaws(rawValue: 1 << 13)
    /// A finisher leaves the lease free.
    static let finishedAsFree = Flaws(rawValue: 1 << 14)
    /// A worker leaves while its writes are on the wire.
    static let leftEarly = Flaws(rawValue: 1 << 15)
    /// A claim is deleted whatever its tag is.
    static let deletedPlainly = Flaws(rawValue: 1 << 16)
    /// A lease's request without an answer is forgotten.
    static let lostIsForgotten = Flaws(rawValue: 1 << 17)
}
