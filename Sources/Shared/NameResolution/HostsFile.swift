import AddressSpace
import Foundation

/// The machine's own list of names, which goes before the name servers. Read again when it has changed.
///
/// c-ares 1.18 opens and reads the whole file for each name; with a hundred thousand names that costs more than asking.
struct HostsFile {
    typealias Instant = ContinuousClock.Instant

    /// How often the file is looked at.
    private static let interval = Duration.seconds(1)

    private struct Version: Equatable {
        let modified: Date?
        let size: Int?
        let number: Int?
    }

    private let path: String
    private var addresses: [String: [IPAddress]] = [:]
    private var version: Version?
    private var nextCheck: Instant?

    init(path: String = "/etc/hosts") {
        self.path = path
    }

    /// The addresses of one family that the file has for a name; nil if it has none. `localhost` always has
    /// one (RFC 6761 section 6.3).
    mutating func addresses(of name: String, family: AddressFamily, at now: Instant) -> [IPAddress]? {
        if nextCheck.map({ $0 <= now }) ?? true {
            reload()
            nextCheck = now + Self.interval
        }
        let name = name.lowercased()
        if let found = addresses[name]?.filter({ $0.family == family }), !found.isEmpty { return found }
        return name == "localhost" ? [family == .v4 ? .v4(0x7f00_0001) : .v6(1)] : nil
    }

    private mutating func reload() {
        let current = currentVersion()
        guard current != version else { return }
        version = current
        let content = FileManager.default.contents(atPath: path) ?? Data()
        addresses = Self.parse(String(decoding: content, as: UTF8.self))
    }

    private func currentVersion() -> Version? {
        guard let attributes = try? FileManager.default.attributesOfItem(atPath: path) else { return nil }
        return Version(
            modified: attributes[.modificationDate] as? Date,
            size: attributes[.size] as? Int,
            number: attributes[.systemFileNumber] as? Int
        )
    }

    /// Lines of an address and its names, as in hosts(5).
    static func parse(_ content: String) -> [String: [IPAddress]] {
        var addresses: [String: [IPAddress]] = [:]
        for line in content.split(whereSeparator: \.isNewline) {
            let fields = line.prefix { $0 != "#" }.split(whereSeparator: \.isWhitespace)
            guard let first = fields.first, let address = IPAddress(String(first)) else { continue }
            for name in fields.dropFirst() {
                addresses[name.lowercased(), default: []].append(address)
            }
        }
        return addresses
    }
}
