import ArgumentParser
import Settings

@main
struct TaskerCoordinatorCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "TaskerCoordinator",
        abstract: "Plans scans, hands their tasks to workers, and brings the results to ScanLedger.",
        discussion: """
            Run two or more: they elect a leader through Redis, and the others take over when it is gone.

            \(SettingsReference.help(for: .coordinator))
            """,
        version: "0.1.0"
    )

    @Option(name: .customLong("env-file"), help: "A file of settings; .env in the working folder if it is there.")
    var environmentFile: String?

    func run() async throws {
        let source: SettingsSource
        let settings: CoordinatorSettings
        do {
            source = try SettingsSource.load(file: environmentFile)
            settings = try CoordinatorSettings(source)
        } catch {
            throw ValidationError(error.description)
        }
        try await Coordinator(settings: settings, ignoredSettings: source.ignored).run()
    }
}
