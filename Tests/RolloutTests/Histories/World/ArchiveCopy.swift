import Foundation
import Rollout

/// The files of an archive at one moment, to be put back as a power cut would leave them.
struct ArchiveCopy {
    private var files: [(path: String, bytes: Data)] = []
    private var folders: [String] = []
    private let root: Folder

    init(of root: Folder) {
        self.root = root
        guard let names = FileManager.default.subpaths(atPath: root.path)?.sorted() else { return }
        for name in names {
            let path = root.path(of: name)
            var isFolder: ObjCBool = false
            guard FileManager.default.fileExists(atPath: path, isDirectory: &isFolder) else { continue }
            if isFolder.boolValue {
                folders.append(name)
            } else {
                files.append((name, FileManager.default.contents(atPath: path) ?? Data()))
            }
        }
    }

    /// Cuts the journal of a run at a byte that need not have reached the disk: behind the last line that was waited
    /// for. `dice` says where.
    mutating func cutJournal(of run: RunID?, _ dice: inout Dice) {
        guard let run, let index = files.firstIndex(where: { $0.path.hasSuffix("\(run)/journal.jsonl") }) else {
            return
        }
        let bytes = files[index].bytes
        var durable = 0
        var start = 0
        while let end = bytes[start...].firstIndex(of: UInt8(ascii: "\n")) {
            let line = bytes[start..<end]
            let isWaitedFor = ["started", "writing", "finished"].contains {
                line.starts(with: #"{"event":"\#($0)""#.utf8)
            }
            start = end + 1
            if isWaitedFor { durable = start }
        }
        files[index].bytes = bytes.prefix(dice.between(durable, bytes.count))
    }

    /// Puts the files back. Those that did not change stay the same files, since another process may hold them open.
    func restore() throws {
        let manager = FileManager.default
        let known = Set(folders + files.map(\.path))
        for name in manager.subpaths(atPath: root.path)?.sorted().reversed() ?? [] where !known.contains(name) {
            try manager.removeItem(atPath: root.path(of: name))
        }
        for folder in folders { try root.folder(folder).make() }
        for file in files {
            let path = root.path(of: file.path)
            if manager.contents(atPath: path) == file.bytes { continue }
            let open = try OpenFile(path, for: .writing)
            try open.write(Array(file.bytes), at: 0)
            try open.truncate(to: file.bytes.count)
        }
    }
}
