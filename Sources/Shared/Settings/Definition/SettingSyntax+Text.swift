import AddressSpace
import Foundation

extension SettingSyntax<String> {
    private static func text(_ allowed: String, _ isAllowed: @escaping @Sendable (String) -> Bool) -> Self {
        Self(allowed: allowed, parse: { isAllowed($0) ? $0 : nil }, text: { $0 })
    }

    /// A host's name or address, without a port.
    static let host = text("a host name or an IP address, without port") { text in
        text.utf8.count <= 253 && (IPAddress(text) != nil || text.utf8.allSatisfy(isNameByte))
    }

    /// A name that people give to a process or a user.
    static let name = text("up to 128 letters, digits, dots, hyphens and underscores") { text in
        text.utf8.count <= 128 && text.utf8.allSatisfy(isNameByte)
    }

    /// Any text on one line.
    static let line = text("text without control characters") { text in
        !text.unicodeScalars.contains { $0.value < 0x20 || (0x7F...0x9F).contains($0.value) }
    }

    /// A file that this process may read.
    static let readableFile = text("the path of a file that can be read") { path in
        var isDirectory = ObjCBool(false)
        return FileManager.default.fileExists(atPath: path, isDirectory: &isDirectory)
            && !isDirectory.boolValue && FileManager.default.isReadableFile(atPath: path)
    }

    /// The base of a REST interface; a slash at its end is dropped.
    static let baseURL = Self(
        allowed: "a URL http://HOST or https://HOST, with or without port and path",
        parse: { text in
            guard let parts = URLComponents(string: text), let host = parts.host, !host.isEmpty,
                ["http", "https"].contains(parts.scheme?.lowercased() ?? ""),
                parts.user == nil, parts.password == nil, parts.query == nil, parts.fragment == nil
            else { return nil }
            return String(text.reversed().drop { $0 == "/" }.reversed())
        },
        text: { $0 }
    )

    private static func isNameByte(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"): true
        case UInt8(ascii: "0")...UInt8(ascii: "9"): true
        case UInt8(ascii: "."), UInt8(ascii: "-"), UInt8(ascii: "_"): true
        default: false
        }
    }
}

extension SettingSyntax<Secret> {
    static let password = Self(
        allowed: "text without control characters",
        parse: { SettingSyntax<String>.line.parse($0).map { Secret($0) } },
        text: { _ in "" }
    )

    /// Sent in an HTTP header, so nothing may end the line.
    static let token = Self(
        allowed: "printable ASCII characters without spaces",
        parse: { text in text.utf8.allSatisfy { (0x21...0x7E).contains($0) } ? Secret(text) : nil },
        text: { _ in "" }
    )
}

extension SettingSyntax<[String]> {
    /// Elements separated by commas, or a JSON list of strings.
    static let list = Self(
        allowed: "a list, separated by commas or in JSON",
        parse: { text in
            if text.hasPrefix("[") {
                return try? JSONDecoder().decode([String].self, from: Data(text.utf8))
            }
            return text.split(separator: ",").map { $0.trimmingCharacters(in: .whitespaces) }.filter { !$0.isEmpty }
        },
        text: { $0.joined(separator: ",") }
    )

    /// Servers of the name service, each given back as `ADDRESS:PORT`.
    static let nameServers = Self(
        allowed: "a list of addresses, each with or without port: 192.0.2.1, 192.0.2.1:5353, [2001:db8::1]:53",
        parse: { text in
            guard let elements = list.parse(text) else { return nil }
            let servers = elements.compactMap(nameServer)
            return servers.count == elements.count ? servers : nil
        },
        text: { $0.joined(separator: ",") }
    )

    private static func nameServer(_ text: String) -> String? {
        if let address = IPAddress(text) { return write(address, port: 53) }
        let isBracketed = text.hasPrefix("[")
        guard let separator = text.lastIndex(of: isBracketed ? "]" : ":") else { return nil }
        let address = isBracketed ? text[text.index(after: text.startIndex)..<separator] : text[..<separator]
        let rest = text[text.index(after: separator)...]
        guard let address = IPAddress(String(address)), isBracketed == (address.family == .v6) else { return nil }
        if isBracketed, rest.isEmpty { return write(address, port: 53) }
        guard let port = UInt16(isBracketed ? rest.dropFirst() : rest), port > 0,
            !isBracketed || rest.hasPrefix(":")
        else { return nil }
        return write(address, port: port)
    }

    private static func write(_ address: IPAddress, port: UInt16) -> String {
        address.family == .v6 ? "[\(address)]:\(port)" : "\(address):\(port)"
    }
}

extension SettingSyntax<AddressSet> {
    /// Addresses, prefixes with every address in them, and ranges.
    static let addresses = Self(
        allowed: "a list of IP addresses, prefixes (192.0.2.0/24) and ranges (192.0.2.1-192.0.2.9)",
        parse: { text in
            guard let elements = SettingSyntax<[String]>.list.parse(text) else { return nil }
            let ranges = elements.compactMap { element -> AddressRange? in
                guard case .addresses(let range)? = try? HostPattern(parsing: element) else { return nil }
                return range
            }
            return ranges.count == elements.count ? AddressSet(ranges) : nil
        },
        text: { $0.ranges.map(\.description).joined(separator: ",") }
    )
}

extension SettingSyntax<HostPatterns> {
    /// Addresses, prefixes with every address in them, ranges, names and domains.
    static let hosts = Self(
        allowed: "a list of IP addresses, prefixes (192.0.2.0/24), ranges (192.0.2.1-192.0.2.9), host names and domains"
            + " (*.example.com, without example.com itself), or * for all",
        parse: { text in
            guard let elements = SettingSyntax<[String]>.list.parse(text) else { return nil }
            let patterns = elements.compactMap { try? HostPattern(parsing: $0) }
            return patterns.count == elements.count ? HostPatterns(patterns) : nil
        },
        text: { $0.description },
        fault: { text in
            for element in SettingSyntax<[String]>.list.parse(text) ?? [] {
                do throws(HostSyntaxError) {
                    _ = try HostPattern(parsing: element)
                } catch {
                    return error.message
                }
            }
            return nil
        }
    )
}
