import Foundation
import TestSupport

/// What came of judging many random documents.
struct Judgement: Sendable {
    /// The first wrong answer that each core found, with how to repeat it.
    private(set) var faults: [String] = []
    /// What is called possible and never happens.
    var vague: [String] = []
    /// The requests that were judged.
    var requests = 0

    /// Judges ``PropertySettings/judgedDocuments`` on all cores: `judge` is given a number, a generator and what is to
    /// be added to, and returns what is wrong.
    static func ofAll(
        _ judge: @escaping @Sendable (Int, JudgedDocumentGenerator, inout Judgement) throws -> String?
    ) async throws -> Judgement {
        let cores = ProcessInfo.processInfo.activeProcessorCount
        return try await withThrowingTaskGroup(of: Judgement.self) { group in
            for core in 0..<cores {
                group.addTask {
                    var part = Judgement()
                    for number in stride(from: core, to: PropertySettings.judgedDocuments, by: cores) {
                        let seed = PropertySettings.seed &+ UInt64(number)
                        guard let fault = try judge(number, JudgedDocumentGenerator(seed: seed), &part) else {
                            continue
                        }
                        part.faults.append("ECR_SHARE_PROPERTY_SEED=\(seed) ECR_SHARE_JUDGED_DOCUMENTS=1: \(fault)")
                        break
                    }
                    return part
                }
            }
            return try await group.reduce(into: Judgement()) { all, part in
                all.faults += part.faults
                all.vague += part.vague
                all.requests += part.requests
            }
        }
    }
}
