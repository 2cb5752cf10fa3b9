import Configuration
import Foundation

/// Reads settings one after another and collects what is wrong with them.
///
/// A setting that is wrong yields its standard, so that reading goes on; ``finish()`` then throws.
struct SettingsReader {
    private let config: ConfigReader
    private var problems: [SettingsError.Problem] = []

    init(_ source: SettingsSource) {
        config = source.reader
    }

    /// The setting's value, or its standard where it is not set.
    mutating func callAsFunction<Value>(_ setting: Setting<Value>) -> Value {
        var text = config.string(forKey: ConfigKey([setting.name]), isSecret: setting.isSecret) ?? ""
        if !setting.isSecret { text = text.trimmingCharacters(in: .whitespacesAndNewlines) }
        guard !text.isEmpty else {
            if setting.isRequired { report(setting, "is not set; required: \(setting.syntax.allowed)") }
            return setting.standard
        }
        guard let value = setting.syntax.parse(text) else {
            // A URL may hold a password before its "@".
            let isHidden = setting.isSecret || text.contains("@")
            let shown = isHidden ? "has a value that is not allowed" : "is \(String(text.prefix(100)).debugDescription)"
            let fault = setting.syntax.fault(text).map { "; \($0)" } ?? ""
            report(setting, "\(shown)\(fault); allowed: \(setting.syntax.allowed)")
            return setting.standard
        }
        return value
    }

    /// Notes a problem between settings that are right in themselves.
    mutating func check<Value>(_ isRight: Bool, _ setting: Setting<Value>, _ message: String) {
        if !isRight { report(setting, message) }
    }

    /// Throws if anything is wrong.
    func finish() throws(SettingsError) {
        guard problems.isEmpty else { throw SettingsError(problems: problems) }
    }

    private mutating func report<Value>(_ setting: Setting<Value>, _ message: String) {
        problems.append(SettingsError.Problem(name: setting.name, message: message))
    }
}
