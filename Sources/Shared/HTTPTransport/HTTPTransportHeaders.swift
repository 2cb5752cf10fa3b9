/// Header fields in the order they are sent or were received. Names are compared without regard to case.
public struct HTTPTransportHeaders: Hashable, Sendable {
    /// One header field.
    public struct Field: Hashable, Sendable {
        /// The name as written.
        public var name: String
        /// The value without surrounding white space.
        public var value: String

        /// A field of this name and value.
        public init(name: String, value: String) {
            self.name = name
            self.value = value
        }
    }

    /// All fields; a name may occur more than once.
    public private(set) var fields: [Field]

    /// Headers made of these fields.
    public init(_ fields: [Field] = []) {
        self.fields = fields
    }

    /// Adds a field, also when there is one of the same name already.
    public mutating func append(name: String, value: String) {
        fields.append(Field(name: name, value: value))
    }

    /// The value of the first field of this name. Setting replaces every field of the name; `nil` removes them.
    public subscript(name: String) -> String? {
        get {
            let name = name.lowercased()
            return fields.first { $0.name.lowercased() == name }?.value
        }
        set {
            let lowercased = name.lowercased()
            fields.removeAll { $0.name.lowercased() == lowercased }
            if let newValue {
                append(name: name, value: newValue)
            }
        }
    }
}

extension HTTPTransportHeaders.Field: CustomStringConvertible, CustomReflectable {
    /// Fields whose values must not reach a log.
    private static let secretNames: Set = ["authorization", "cookie", "proxy-authorization", "set-cookie"]

    private var shownValue: String {
        Self.secretNames.contains(name.lowercased()) ? "(hidden)" : value
    }

    /// The field as it is written, without a secret.
    public var description: String { "\(name): \(shownValue)" }

    /// The field without a secret.
    public var customMirror: Mirror {
        Mirror(self, children: ["name": name, "value": shownValue])
    }
}

extension HTTPTransportHeaders: ExpressibleByDictionaryLiteral {
    /// Headers in the order of the literal.
    public init(dictionaryLiteral elements: (String, String)...) {
        self.init(elements.map { Field(name: $0.0, value: $0.1) })
    }
}
