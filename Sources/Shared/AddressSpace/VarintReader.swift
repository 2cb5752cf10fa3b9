/// Reads unsigned LEB128 integers: seven bits a byte, lowest first, the high bit set on all bytes but the last.
struct VarintReader {
    private var bytes: ArraySlice<UInt8>

    init(_ bytes: [UInt8]) {
        self.bytes = bytes[...]
    }

    var isAtEnd: Bool { bytes.isEmpty }

    mutating func readByte() throws(AddressSetDecodingError) -> UInt8 {
        guard let byte = bytes.popFirst() else {
            throw AddressSetDecodingError(code: .truncated, message: "address set cut off")
        }
        return byte
    }

    /// The next integer; one that does not fit or is not in its shortest form is refused.
    mutating func readVarint<Value: FixedWidthInteger & UnsignedInteger>(
        _ type: Value.Type
    ) throws(AddressSetDecodingError) -> Value {
        var value: Value = 0
        var shift = 0
        while true {
            let byte = try readByte()
            let bits = Value(byte & 0x7f)
            guard shift < Value.bitWidth, (bits << shift) >> shift == bits else {
                throw AddressSetDecodingError(code: .malformed, message: "address set with a number too large")
            }
            value |= bits << shift
            if byte & 0x80 == 0 {
                guard byte != 0 || shift == 0 else {
                    throw AddressSetDecodingError(code: .malformed, message: "address set with a padded number")
                }
                return value
            }
            shift += 7
        }
    }
}

extension Array<UInt8> {
    /// Appends `value` as unsigned LEB128.
    mutating func appendVarint(_ value: some FixedWidthInteger & UnsignedInteger) {
        var rest = value
        while rest > 0x7f {
            append(UInt8(truncatingIfNeeded: rest) | 0x80)
            rest >>= 7
        }
        append(UInt8(truncatingIfNeeded: rest))
    }
}
