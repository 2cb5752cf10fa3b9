/// What nmap found out about one port.
public struct NmapPort: Hashable, Sendable {
    /// nmap's six answers about a port. Only `open` is proof of a service; `openOrFiltered` is silence.
    public enum State: String, Hashable, Sendable {
        case open
        case closed
        case filtered
        case unfiltered
        case openOrFiltered = "open|filtered"
        case closedOrFiltered = "closed|filtered"
    }

    /// Whose port it is: TCP's or UDP's.
    public let transportProtocol: TransportProtocol

    /// The port number, 1 to 65535.
    public let number: UInt16

    /// The state nmap reported.
    public let state: State

    /// What tells one port of a host from another: TCP's port 53 is not UDP's.
    struct Key: Hashable {
        let transportProtocol: TransportProtocol
        let number: UInt16
    }

    var key: Key {
        Key(transportProtocol: transportProtocol, number: number)
    }
}

extension NmapPort {
    /// Reads a `<port>` element.
    init(element: XMLNode) throws(HostileXMLError) {
        let states = element.all("state")
        guard
            let transportProtocol = element["protocol"].flatMap(TransportProtocol.init),
            let portid = element["portid"], portid.isASCIIDigits, let number = UInt16(portid), number > 0,
            states.count == 1, let state = states[0]["state"].flatMap(State.init)
        else {
            throw HostileXMLError(code: .unexpectedContent, message: "a port that cannot be read")
        }
        self.init(transportProtocol: transportProtocol, number: number, state: state)
    }
}
