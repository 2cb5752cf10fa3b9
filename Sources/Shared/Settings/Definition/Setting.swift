/// One setting: its name, what it means, what it may be, and what it is when nobody sets it.
struct Setting<Value: Sendable>: Sendable {
    let name: String
    let standard: Value
    let standardText: String
    let syntax: SettingSyntax<Value>
    let meaning: String
    let isRequired: Bool
    let isSecret: Bool

    /// A setting that may be left out. `standardText` describes a standard that depends on something else.
    init(
        _ name: String,
        _ syntax: SettingSyntax<Value>,
        standard: Value,
        standardText: String? = nil,
        isSecret: Bool = false,
        _ meaning: String
    ) {
        self.name = name
        self.syntax = syntax
        self.standard = standard
        self.standardText = standardText ?? syntax.text(standard)
        self.meaning = meaning
        self.isRequired = false
        self.isSecret = isSecret
    }

    /// A setting that is `nil` when left out. `standardText` says what happens then.
    init<Wrapped>(
        optional name: String,
        _ syntax: SettingSyntax<Wrapped>,
        standardText: String = "",
        isSecret: Bool = false,
        _ meaning: String
    ) where Value == Wrapped? {
        self.init(
            name,
            syntax.optional,
            standard: nil,
            standardText: standardText,
            isSecret: isSecret,
            meaning
        )
    }

    /// A setting without which nothing starts. The placeholder stands in while further problems are looked for.
    init(
        required name: String,
        _ syntax: SettingSyntax<Value>,
        placeholder: Value,
        isSecret: Bool = false,
        _ meaning: String
    ) {
        self.name = name
        self.syntax = syntax
        self.standard = placeholder
        self.standardText = ""
        self.meaning = meaning
        self.isRequired = true
        self.isSecret = isSecret
    }

    func entry(_ processes: SettingsReference.Processes) -> SettingsReference.Entry {
        SettingsReference.Entry(
            name: name,
            defaultText: standardText,
            allowed: syntax.allowed,
            meaning: meaning,
            isRequired: isRequired,
            isSecret: isSecret,
            processes: processes
        )
    }
}
