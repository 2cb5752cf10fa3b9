extension UInt8 {
    static let dot = UInt8(ascii: ".")
    static let colon = UInt8(ascii: ":")
    static let slash = UInt8(ascii: "/")
    static let hyphen = UInt8(ascii: "-")

    /// The value of an ASCII decimal digit.
    var decimalDigitValue: UInt8? {
        switch self {
        case UInt8(ascii: "0")...UInt8(ascii: "9"): self - UInt8(ascii: "0")
        default: nil
        }
    }

    /// The value of an ASCII hexadecimal digit of either case.
    var hexadecimalDigitValue: UInt8? {
        switch self {
        case UInt8(ascii: "a")...UInt8(ascii: "f"): self - UInt8(ascii: "a") + 10
        case UInt8(ascii: "A")...UInt8(ascii: "F"): self - UInt8(ascii: "A") + 10
        default: decimalDigitValue
        }
    }

    /// Whether this is an ASCII letter of either case.
    var isASCIILetter: Bool {
        switch self {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"): true
        default: false
        }
    }
}

extension UInt8 {
    /// A decimal number up to 255 in one to three ASCII digits, without sign or leading zero.
    init?(strictDecimal text: Substring) {
        var value = 0
        for byte in text.utf8 {
            guard let digit = byte.decimalDigitValue else { return nil }
            value = value * 10 + Int(digit)
            guard value <= 255 else { return nil }
        }
        guard text == "0" || (value > 0 && text.utf8.first != UInt8(ascii: "0")) else { return nil }
        self = UInt8(value)
    }
}
