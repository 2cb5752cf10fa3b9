import AddressSpace
import Foundation
import Nmap
import Testing

/// A report captured from nmap 7.93.
enum Fixture: String, CaseIterable, CustomTestStringConvertible {
    case cutInPorts = "cut_in_ports"
    case hostDown = "host_down"
    case hostTimeout = "host_timeout"
    case hostTimeoutServices = "host_timeout_services"
    case ipv6
    case noOpenPorts = "no_open_ports"
    case openPorts = "open_ports"
    case services
    case servicesScriptsOS = "services_scripts_os"
    case servicesTraceHostscriptOS = "services_trace_hostscript_os"
    case truncated
    case udpOpenFiltered = "udp_open_filtered"
    case unroutable

    var testDescription: String { rawValue }

    var bytes: [UInt8] {
        get throws {
            let url = try #require(
                Bundle.module.url(forResource: rawValue, withExtension: "xml", subdirectory: "Fixtures")
            )
            return Array(try Data(contentsOf: url))
        }
    }

    /// The address that nmap was told to scan.
    var address: IPAddress {
        switch self {
        case .hostDown: .v4(0x0A63_024D)
        case .hostTimeout, .hostTimeoutServices, .servicesTraceHostscriptOS: .v4(0x0A63_0202)
        case .ipv6: .v6(1)
        case .noOpenPorts: .v4(0x7F00_0002)
        case .unroutable: .v4(0x0A61_0001)
        default: .v4(0x7F00_0001)
        }
    }

    var verdict: ReportVerdict {
        get throws { NmapReport.classify(try bytes, expecting: address) }
    }

    /// The host of a fixture that is a finding.
    var host: NmapHost {
        get throws { try #require(try verdict.finding) }
    }
}

extension ReportVerdict {
    var finding: NmapHost? {
        if case .finding(let host) = self { host } else { nil }
    }

    var isMalformed: Bool {
        if case .malformed = self { true } else { false }
    }
}

extension XMLNode {
    /// How many elements called `name` there are in this element, at any depth.
    func count(of name: String) -> Int {
        children.reduce(0) { $0 + ($1.name == name ? 1 : 0) + $1.count(of: name) }
    }
}
