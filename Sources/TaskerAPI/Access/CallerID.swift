import Crypto
import Foundation

/// Who a caller is, to logs and records: the same for the same token on every replica, and of no use to find the token.
struct CallerID: Hashable, Sendable, CustomStringConvertible {
    /// Twelve hexadecimal digits.
    let description: String
}

/// Makes caller ids under the deployment's key: one derived from Tasker's own token, so that all replicas have the same.
struct CallerHasher: Sendable {
    private static let digits = Array("0123456789abcdef".utf8)
    private let key: SymmetricKey

    /// - Parameter serviceToken: Tasker's own token. The derived key does not tell it.
    init(serviceToken: String) {
        key = HKDF<SHA256>.deriveKey(
            inputKeyMaterial: SymmetricKey(data: Data(serviceToken.utf8)),
            info: Data("tasker caller id".utf8),
            outputByteCount: 32
        )
    }

    /// The id of the caller with a token: HMAC-SHA256, shortened.
    func id(of token: BearerToken) -> CallerID {
        let code = HMAC<SHA256>.authenticationCode(for: Data(token.secret.utf8), using: key)
        let digits = code.prefix(6).flatMap { [Self.digits[Int($0 >> 4)], Self.digits[Int($0 & 15)]] }
        return CallerID(description: String(decoding: digits, as: UTF8.self))
    }
}
