import Configuration
public import Foundation

/// Where settings come from: the process environment, and under it a file of variables.
///
/// Names are accepted in either case, as the original accepts them. A variable set to nothing counts as not set.
public struct SettingsSource: Sendable {
    /// The file that is read when none is named and it exists.
    public static let standardFile = ".env"

    /// Names that were set and mean nothing to Tasker, to be logged once: what the file holds besides settings, and the
    /// original's settings that have no use any more (`postgres_*`, `max_file_upload_size`).
    public let ignored: [String]

    let reader: ConfigReader

    /// A source from dictionaries; the environment wins.
    public init(environment: [String: String], file: [String: String] = [:]) {
        let environment = Self.lowercasingNames(environment)
        let file = Self.lowercasingNames(file)
        let known = Set(SettingsReference.entries.map(\.name))
        let merged = file.merging(environment) { _, fromEnvironment in fromEnvironment }
        ignored = merged.keys
            .filter { !known.contains($0) && (file[$0] != nil || Self.isFormerName($0)) }
            .sorted()
        reader = ConfigReader(
            provider: EnvironmentVariablesProvider(
                environmentVariables: Dictionary(
                    uniqueKeysWithValues: merged.filter { known.contains($0.key) }.map { ($0.uppercased(), $1) }
                ),
                secretsSpecifier: .all
            )
        )
    }

    /// Reads the environment of this process and the file.
    ///
    /// - Parameter path: The file; it must exist. With `nil` the standard file is read if there is one.
    public static func load(
        environment: [String: String] = ProcessInfo.processInfo.environment,
        file path: String? = nil
    ) throws(SettingsError) -> SettingsSource {
        guard path != nil || FileManager.default.fileExists(atPath: standardFile) else {
            return SettingsSource(environment: environment)
        }
        let path = path ?? standardFile
        guard let text = try? String(contentsOfFile: path, encoding: .utf8) else {
            let problem = SettingsError.Problem(name: path, message: "cannot be read; allowed: a file of text in UTF-8")
            throw SettingsError(problems: [problem])
        }
        let file = EnvironmentFile(parsing: text, path: path)
        guard file.problems.isEmpty else { throw SettingsError(problems: file.problems) }
        let variables = Dictionary(file.variables.map { ($0.name.lowercased(), $0.value) }) { _, last in last }
        return SettingsSource(environment: environment, file: variables)
    }

    /// Where one name is set in two spellings, the one in lower case, which the original documents, wins.
    private static func lowercasingNames(_ variables: [String: String]) -> [String: String] {
        Dictionary(variables.sorted { $0.key < $1.key }.map { ($0.key.lowercased(), $0.value) }) { _, last in last }
    }

    private static func isFormerName(_ name: String) -> Bool {
        name.hasPrefix("postgres_") || name == "max_file_upload_size"
    }
}
