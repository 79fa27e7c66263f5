#if canImport(FoundationEssentials)
    import FoundationEssentials
#else
    import Foundation
#endif

/// The process's environment variables.
enum Environment {
    static var current: [String: String] { ProcessInfo.processInfo.environment }
}
