import Platform
import SharePlan

extension PlanFile {
    /// Saves the plan as `path`, in one step: whoever reads `path` sees the old file or the whole new one.
    ///
    /// The file is synced, with mode 0600. Only a plan or an empty file is replaced, see ``checkReplacing(_:)``.
    /// - Throws: as ``checkReplacing(_:)``; ``RolloutError/planChangedUnderway(path:reason:)``.
    package func save(as path: String) throws {
        try PlanFile.checkReplacing(path)
        let slash = path.lastIndex(of: "/")
        let folder = slash.map { Folder($0 == path.startIndex ? "/" : String(path[..<$0])) } ?? Folder(".")
        let name = slash.map { String(path[path.index(after: $0)...]) } ?? path
        _ = try folder.replace(name) { try write(to: $0, header: header) }
    }

    /// Writes the plan to a new file.
    ///
    /// - Throws: ``RolloutError/planChangedUnderway(path:reason:)``, ``FileError``.
    package func write(to file: OpenFile) throws {
        _ = try write(to: file, header: header)
    }

    /// Throws unless a plan may be saved as `path`: nothing is there, or a plan of any version, or an empty file.
    ///
    /// - Throws: ``RolloutError/notAPlan(path:)``; ``FileError`` when it is not a regular file, or cannot be read.
    package static func checkReplacing(_ path: String) throws {
        var status = stat()
        guard lstat(path, &status) == 0 else { return }
        let kind = status.st_mode & S_IFMT
        guard kind == S_IFREG else {
            throw FileError(operation: "save the plan as", path: path, number: kind == S_IFLNK ? ELOOP : ENOTSUP)
        }
        // A header is not nearly as long.
        let start = try OpenFile(path, for: .reading).read(1 << 16, at: 0)
        guard !start.isEmpty else { return }
        let first = start.prefix { $0 != UInt8(ascii: "\n") }
        var reader = PlanReader()
        do { _ = try reader.read(first) } catch {
            if case .unsupportedVersion = error { return }
            throw RolloutError.notAPlan(path: path)
        }
    }

    /// Writes the plan to a new file, under another header. Returns the plan of that file, which does not depend on
    /// this one's any more.
    ///
    /// - Throws: ``RolloutError/planChangedUnderway(path:reason:)`` when what was read is not what the digest was made
    ///   of; then the file is not a whole plan. ``FileError``.
    func write(to file: OpenFile, header: PlanHeader) throws -> PlanFile {
        let piece = 1 << 20
        var offset = 0
        var buffer: [UInt8] = []
        buffer.reserveCapacity(piece + piece / 4)
        PlanLine.header(header).append(to: &buffer)
        buffer.append(UInt8(ascii: "\n"))
        var digest = PlanDigest(header)
        var written: [Slot] = []
        written.reserveCapacity(slots.count)
        for place in PlanFile.places(slots, registryProblems) {
            let line = try lines.line(of: place)
            if case .slot(let slot) = place {
                written.append(
                    Slot(
                        repository: slot.repository, kind: slot.kind, offset: offset + buffer.count,
                        length: line.count, number: slot.number))
            }
            try digest.add(place, on: line, path: lines.path)
            buffer.append(contentsOf: line)
            buffer.append(UInt8(ascii: "\n"))
            if buffer.count >= piece {
                try file.write(buffer, at: offset)
                offset += buffer.count
                buffer.removeAll(keepingCapacity: true)
            }
        }
        guard digest.hexadecimal == self.digest else {
            throw RolloutError.planChangedUnderway(
                path: lines.path, reason: "its digest was \(self.digest) and is now \(digest.hexadecimal)")
        }
        PlanLine.summary(PlanLine.Totals(summary, digest: self.digest)).append(to: &buffer)
        buffer.append(UInt8(ascii: "\n"))
        try file.write(buffer, at: offset)
        return PlanFile(
            header: header, summary: summary, digest: self.digest, slots: written, registryProblems: registryProblems,
            lines: EntryLines(file, changes: .whole, lines.cases))
    }
}
