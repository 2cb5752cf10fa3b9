/// A reader of bytes that come from elsewhere.
///
/// None may trap, touch memory that is not its own, leak, or take seconds over an input of some kilobytes. Whatever a
/// reader accepts has to have the properties that its target demands by `precondition`.
enum FuzzTarget: String, CaseIterable {
    /// nmap's reports.
    case xml
    /// Hosts and networks as people write them.
    case hosts
    /// Bodies of results, events, and remote control.
    case celery
    /// Replies of Redis, cut anywhere.
    case resp
    /// What Redis keeps: address sets and compressed values.
    case stored

    func take(_ bytes: [UInt8]) {
        switch self {
        case .xml: fuzzXML(bytes)
        case .hosts: fuzzHosts(bytes)
        case .celery: fuzzCelery(bytes)
        case .resp: fuzzRESP(bytes)
        case .stored: fuzzStored(bytes)
        }
    }
}
