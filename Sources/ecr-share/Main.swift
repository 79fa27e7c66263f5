import ArgumentParser

@main
struct ECRShare: AsyncParsableCommand {
    static let configuration = CommandConfiguration(commandName: "ecr-share")
}
