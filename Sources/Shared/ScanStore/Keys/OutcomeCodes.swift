import ScanModel

/// The outcomes of a chunk, as the scripts write them by `BITFIELD SET u2 #place`: two bits for each target, the first in
/// the highest bits of the first byte. Targets without an outcome are left out, whole bytes of them at once.
struct OutcomeCodes: Sequence {
    private let bytes: [UInt8]

    init(_ bytes: [UInt8]) {
        self.bytes = bytes
    }

    func makeIterator() -> Iterator { Iterator(bytes: bytes) }

    struct Iterator: IteratorProtocol {
        fileprivate let bytes: [UInt8]
        private var place = 0

        fileprivate init(bytes: [UInt8]) {
            self.bytes = bytes
        }

        mutating func next() -> (place: Int, outcome: Outcome)? {
            while place / 4 < bytes.count {
                let byte = bytes[place / 4]
                if byte == 0 {
                    place = (place / 4 + 1) * 4
                    continue
                }
                let code = byte >> (6 - 2 * (place % 4)) & 0b11
                defer { place += 1 }
                if let outcome = Outcome(rawValue: code) { return (place, outcome) }
            }
            return nil
        }
    }
}
