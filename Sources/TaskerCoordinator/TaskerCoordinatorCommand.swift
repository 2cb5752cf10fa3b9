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
        version: Version.text,
        subcommands: [AcceptInstallation.self]
    )

    @OptionGroup var files: SettingsFiles

    func run() async throws {
        let (settings, ignored) = try files.read()
        try await Coordinator(settings: settings, ignoredSettings: ignored).run()
    }
}

/// Where settings come from beside the environment.
struct SettingsFiles: ParsableArguments {
    @Option(name: .customLong("env-file"), help: "A file of settings; .env in the working folder if it is there.")
    var environmentFile: String?

    /// The settings, and the names of those that mean nothing.
    func read() throws(ValidationError) -> (settings: CoordinatorSettings, ignored: [String]) {
        do {
            let source = try SettingsSource.load(file: environmentFile)
            return (try CoordinatorSettings(source), source.ignored)
        } catch {
            throw ValidationError("\(error)")
        }
    }
}
