/// An AMQP field table: named values, in the order in which they are written.
///
/// Names are meant to be unique. A table that came over the wire with a repeated name keeps both fields; the subscript
/// finds the first. A name longer than 128 bytes is legal here, but brokers may refuse it.
public struct AMQPTable: Hashable, Sendable {
    /// One named value.
    public struct Field: Hashable, Sendable {
        /// The field's name, at most 255 bytes of UTF-8 on the wire.
        public var name: String
        /// The field's value.
        public var value: AMQPValue

        /// A field of this name and value.
        public init(name: String, value: AMQPValue) {
            self.name = name
            self.value = value
        }
    }

    /// The fields in wire order.
    public private(set) var fields: [Field]

    /// A table of these fields, in this order.
    public init(_ fields: [Field] = []) {
        self.fields = fields
    }

    /// The value of a name, or `nil` where there is none. Setting replaces in place or appends; setting `nil` removes.
    ///
    /// A Swift `nil` removes the field; to store an AMQP void value assign `AMQPValue.null`.
    public subscript(name: String) -> AMQPValue? {
        get {
            fields.first { $0.name == name }?.value
        }
        set {
            let index = fields.firstIndex { $0.name == name }
            switch (index, newValue) {
            case (let index?, let value?): fields[index].value = value
            case (let index?, nil): fields.remove(at: index)
            case (nil, let value?): fields.append(Field(name: name, value: value))
            case (nil, nil): break
            }
        }
    }
}

extension AMQPTable: RandomAccessCollection {
    /// The position of the first field.
    public var startIndex: Int { fields.startIndex }

    /// The position past the last field.
    public var endIndex: Int { fields.endIndex }

    /// The field at a position.
    public subscript(position: Int) -> Field { fields[position] }
}

extension AMQPTable: ExpressibleByDictionaryLiteral {
    /// A table of these fields, in this order.
    public init(dictionaryLiteral elements: (String, AMQPValue)...) {
        self.init(elements.map { Field(name: $0.0, value: $0.1) })
    }
}
