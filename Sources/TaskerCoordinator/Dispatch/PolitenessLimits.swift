/// How much those who are scanned have to bear at a time, over all scans of all projects together.
struct PolitenessLimits: Hashable, Sendable {
    /// The most targets in flight with one address; 0 for no such limit.
    var perTarget: Int
    /// The most targets in flight in one IPv4 /24 or IPv6 /64; 0 for no such limit.
    var perNetwork: Int
}
