import Platform
import Rollout
import Testing

@Suite struct FileErrorTests {
    @Test(arguments: [
        ("/nonexistent/here", ENOENT, "check the path"), ("/dev/null", ENOTDIR, "a part of the path is a file"),
    ])
    func `An error names the file that was asked for, and not the one beside it`(
        folder: String, number: Int32, advice: String
    ) {
        let wanted = FileError(operation: "create", path: "\(folder)/plan.jsonl", number: number)
        #expect(throws: wanted) { try Folder(folder).replace("plan.jsonl") { try $0.write([1], at: 0) } }
        #expect(throws: FileError(operation: "create", path: "a temporary file in \(folder)", number: number)) {
            try Folder(folder).temporaryFile()
        }
        #expect(wanted.description.hasSuffix("\(advice)\(number == ENOENT ? "" : "; choose another folder")"))
    }

    @Test(arguments: [
        (EROFS, "choose a folder on another one"), (ENOSPC, "free some space"), (EACCES, "give this user access"),
    ]) func `The advice is about what went wrong`(number: Int32, advice: String) {
        #expect(FileError.advice(for: number).contains(advice))
    }
}
