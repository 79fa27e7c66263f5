import SharePlan

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#else
    import Darwin
#endif

extension PlanFile {
    /// Saves the plan as `path`, in one step: whoever reads `path` sees the old file or the whole new one.
    ///
    /// The file is synced, with mode 0600. Only a regular file is replaced, never a device or a folder.
    package func save(as path: String) throws(FileError) {
        guard Folder.canReplace(path) else {
            throw FileError(operation: "save the plan as", path: path, number: ENOTSUP)
        }
        let slash = path.lastIndex(of: "/")
        let folder = slash.map { Folder($0 == path.startIndex ? "/" : String(path[..<$0])) } ?? Folder(".")
        try save(as: slash.map { String(path[path.index(after: $0)...]) } ?? path, in: folder, header: header)
    }

    /// Saves the plan under another header.
    func save(as name: String, in folder: Folder, header: PlanHeader) throws(FileError) {
        let partial = name + ".partial"
        folder.remove(partial)
        do throws(FileError) {
            let file = try OpenFile(folder.path(of: partial), for: .creating)
            try write(to: file, header: header)
            try file.sync()
            try folder.rename(partial, to: name)
        } catch {
            folder.remove(partial)
            throw error
        }
        try folder.sync()
    }

    private func write(to file: OpenFile, header: PlanHeader) throws(FileError) {
        let piece = 1 << 20
        var offset = 0
        var buffer: [UInt8] = []
        buffer.reserveCapacity(piece + piece / 4)
        PlanLine.header(header).append(to: &buffer)
        buffer.append(UInt8(ascii: "\n"))
        for place in PlanFile.places(slots, registryProblems) {
            buffer.append(contentsOf: try line(of: place))
            buffer.append(UInt8(ascii: "\n"))
            if buffer.count >= piece {
                try file.write(buffer, at: offset)
                offset += buffer.count
                buffer.removeAll(keepingCapacity: true)
            }
        }
        PlanLine.summary(PlanLine.Totals(summary, digest: digest)).append(to: &buffer)
        buffer.append(UInt8(ascii: "\n"))
        try file.write(buffer, at: offset)
    }
}
