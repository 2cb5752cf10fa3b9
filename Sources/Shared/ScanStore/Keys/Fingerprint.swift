import Crypto
import Foundation

/// A short name for bytes that are too long, or too telling, to be kept.
enum Fingerprint {
    /// SHA-256 in hexadecimal.
    static func text(of bytes: [UInt8]) -> String {
        SHA256.hash(data: bytes).map { String(format: "%02x", $0) }.joined()
    }
}
