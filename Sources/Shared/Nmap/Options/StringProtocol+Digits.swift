extension StringProtocol {
    /// Whether this is a number in ASCII digits alone: no sign, no space, none of Unicode's other digits.
    var isASCIIDigits: Bool {
        !isEmpty && utf8.allSatisfy { UInt8(ascii: "0")...UInt8(ascii: "9") ~= $0 }
    }
}
