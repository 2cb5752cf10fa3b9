/// Why a list of ports was refused.
public struct PortSyntaxError: Error, Hashable, Sendable {
    /// The place in the list of the entry at fault.
    public let index: Int

    /// What is wrong with it, for the person who wrote it.
    public let message: String
}

extension PortSet {
    /// Reads a request's list of ports, each entry a port (`80`) or a range (`1000-2000`).
    ///
    /// Entries reach a command line, so nothing but ASCII digits and the one hyphen is let through. An empty list is
    /// refused, because nmap would take it for its own choice of ports.
    public init(parsing entries: [String]) throws(PortSyntaxError) {
        guard !entries.isEmpty else {
            throw PortSyntaxError(index: 0, message: "at least one port is needed")
        }
        var ranges: [ClosedRange<UInt16>] = []
        ranges.reserveCapacity(entries.count)
        for (index, entry) in entries.enumerated() {
            switch Self.range(entry) {
            case .success(let range): ranges.append(range)
            case .failure(let reason): throw PortSyntaxError(index: index, message: reason.message(for: entry))
            }
        }
        self.init(merging: ranges)
    }

    private static func range(_ entry: String) -> Result<ClosedRange<UInt16>, RangeFault> {
        let bounds = entry.split(separator: "-", omittingEmptySubsequences: false)
        guard bounds.count <= 2, let first = bounds.first, let last = bounds.last else { return .failure(.syntax) }
        guard first.isASCIIDigits, last.isASCIIDigits else { return .failure(.syntax) }
        guard let start = UInt16(first), let end = UInt16(last), start >= 1, end >= 1 else {
            return .failure(.outOfBounds)
        }
        return start <= end ? .success(start...end) : .failure(.backwards)
    }
}

private enum RangeFault: Error {
    case syntax
    case outOfBounds
    case backwards

    func message(for entry: String) -> String {
        let quoted = String(entry.unicodeScalars.prefix(40)).debugDescription
        return switch self {
        case .syntax: "\(quoted) is neither a port nor a range of ports such as 1000-2000"
        case .outOfBounds: "\(quoted) is outside 1-65535"
        case .backwards: "\(quoted) ends before it starts"
        }
    }
}
