public import Foundation

/// The text form of UUIDs (RFC 9562, section 4), by hand: Foundation's goes through the C library's printf and scanf, and was a
/// twentieth of what both programs did.
extension UUID {
    /// In lower case, as Python prints it and Celery expects it.
    public var text: String {
        String(unsafeUninitializedCapacity: Self.textLength) { text in
            var position = 0
            withUnsafeBytes(of: uuid) { bytes in
                for byte in bytes {
                    if Self.isHyphen(position) {
                        text[position] = UInt8(ascii: "-")
                        position += 1
                    }
                    text[position] = Self.digit(byte >> 4)
                    text[position + 1] = Self.digit(byte & 0x0F)
                    position += 2
                }
            }
            return position
        }
    }

    /// Reads the text form in either case; nil for anything else.
    public init?(text: String) {
        var text = text
        let uuid = text.withUTF8 { text -> uuid_t? in
            guard text.count == Self.textLength else { return nil }
            var value: uuid_t = (0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0)
            var position = 0
            let isRead = withUnsafeMutableBytes(of: &value) { bytes in
                for index in bytes.indices {
                    if Self.isHyphen(position) {
                        guard text[position] == UInt8(ascii: "-") else { return false }
                        position += 1
                    }
                    guard let high = Self.value(text[position]), let low = Self.value(text[position + 1]) else {
                        return false
                    }
                    bytes[index] = high << 4 | low
                    position += 2
                }
                return true
            }
            return isRead ? value : nil
        }
        guard let uuid else { return nil }
        self.init(uuid: uuid)
    }

    private static let textLength = 36

    private static func isHyphen(_ position: Int) -> Bool {
        position == 8 || position == 13 || position == 18 || position == 23
    }

    private static func digit(_ value: UInt8) -> UInt8 {
        value + (value < 10 ? UInt8(ascii: "0") : UInt8(ascii: "a") - 10)
    }

    private static func value(_ digit: UInt8) -> UInt8? {
        switch digit {
        case UInt8(ascii: "0")...UInt8(ascii: "9"): digit - UInt8(ascii: "0")
        case UInt8(ascii: "a")...UInt8(ascii: "f"): digit - UInt8(ascii: "a") + 10
        case UInt8(ascii: "A")...UInt8(ascii: "F"): digit - UInt8(ascii: "A") + 10
        default: nil
        }
    }
}
