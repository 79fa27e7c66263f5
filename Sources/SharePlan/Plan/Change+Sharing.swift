extension Change {
    /// Whether this is certainly the same change, for any repository. Cheap: rebuilt lists are not
    /// compared, so equal changes may look different.
    package func sharesAllButRepository(with other: Change) -> Bool {
        grants.added.sharesStorage(with: other.grants.added)
            && grants.removed.sharesStorage(with: other.grants.removed)
            && access.sharesStorage(with: other.access) && warnings.sharesStorage(with: other.warnings)
            && replaced == other.replaced && registry == other.registry
            && after == other.after && before == other.before
    }
}
