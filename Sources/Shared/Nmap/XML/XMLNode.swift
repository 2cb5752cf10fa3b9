/// An XML element: its name, its attributes in the order written, its child elements and its character data.
///
/// nmap writes an element with either children or text. Where both occur the text is kept whole, before the children;
/// white space between children is dropped.
public struct XMLNode: Hashable, Sendable {
    /// A name and its value, references resolved.
    public struct Attribute: Hashable, Sendable {
        /// The attribute's name.
        public let name: String

        /// The attribute's value.
        public var value: String

        /// Makes an attribute.
        public init(name: String, value: String) {
            self.name = name
            self.value = value
        }
    }

    /// The element's name.
    public let name: String

    /// The attributes, in document order; no name occurs twice.
    public var attributes: [Attribute]

    /// The child elements, in document order.
    public var children: [XMLNode]

    /// The character data directly inside this element.
    public var text: String

    /// Makes an element. Names are the program's own, never input: they are written as they are.
    public init(
        _ name: String,
        _ attributes: KeyValuePairs<String, String> = [:],
        children: [XMLNode] = [],
        text: String = ""
    ) {
        self.name = name
        self.attributes = attributes.map { Attribute(name: $0.key, value: $0.value) }
        self.children = children
        self.text = text
    }

    /// The value of the attribute called `name`. Setting a new one appends it; setting `nil` removes it.
    public subscript(attribute: String) -> String? {
        get {
            attributes.first { $0.name == attribute }?.value
        }
        set {
            let index = attributes.firstIndex { $0.name == attribute }
            switch (index, newValue) {
            case (let index?, let value?): attributes[index].value = value
            case (let index?, nil): attributes.remove(at: index)
            case (nil, let value?): attributes.append(Attribute(name: attribute, value: value))
            case (nil, nil): break
            }
        }
    }

    /// The first child called `name`.
    public func first(_ name: String) -> XMLNode? {
        children.first { $0.name == name }
    }

    /// The children called `name`.
    public func all(_ name: String) -> [XMLNode] {
        children.filter { $0.name == name }
    }
}
