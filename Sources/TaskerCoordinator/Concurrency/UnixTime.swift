import Foundation

/// The wall clock, for what is recorded or shown; never for what is waited for.
enum UnixTime {
    static var seconds: Int { Int(Date().timeIntervalSince1970) }
    static var milliseconds: Int { Int(Date().timeIntervalSince1970 * 1_000) }

    static func milliseconds(after duration: Duration) -> Int {
        milliseconds + Int(duration / .milliseconds(1))
    }
}
