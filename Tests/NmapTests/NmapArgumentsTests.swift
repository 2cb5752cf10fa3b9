import AddressSpace
import Nmap
import PropertyTesting
import Testing

@Suite("Arguments")
struct NmapArgumentsTests {
    let webPorts = PortSet(ports: [80, 443])

    @Test("the open-ports arguments are those of the captured command line")
    func captured() {
        let timing = TimingOptions(dnsResolution: false, maxRetries: 1, minRate: 2000)
        let options = OpenPortsOptions(timing: timing, ports: webPorts)
        #expect(
            NmapArguments.openPorts(options, family: .v4).joined(separator: " ")
                == "-n --max-retries 1 --min-rate 2000 -Pn -p 80,443"
        )
        #expect(
            NmapArguments.services(ServiceOptions(), ports: PortSet(ports: []), transportProtocol: .tcp, family: .v4)
                == ["-sV", "-Pn"]
        )
    }

    @Test("every option has its argument, in the order of the original")
    func everything() {
        let timing = TimingOptions(
            dnsResolution: true,
            maxRetries: 0,
            minParallelism: 1,
            maxParallelism: 700,
            minRTTTimeoutMilliseconds: 10,
            maxRTTTimeoutMilliseconds: 60_000,
            initialRTTTimeoutMilliseconds: 20,
            minRate: 1,
            maxRate: 30_000
        )
        let common =
            "-6 -R --max-retries 0 --min-parallelism 1 --max-parallelism 700 --min-rtt-timeout 10ms "
            + "--max-rtt-timeout 60000ms --initial-rtt-timeout 20ms --min-rate 1 --max-rate 30000 "
        let openPorts = OpenPortsOptions(
            timing: timing,
            skipHostDiscovery: true,
            transportProtocol: .udp,
            ports: webPorts
        )
        #expect(
            NmapArguments.openPorts(openPorts, family: .v6).joined(separator: " ") == common + "-sU -Pn -p 80,443"
        )
        let services = ServiceOptions(
            timing: timing,
            aggressiveScan: true,
            defaultScripts: true,
            osDetection: true,
            traceroute: true
        )
        #expect(
            NmapArguments.services(services, ports: webPorts, transportProtocol: .udp, family: .v6)
                .joined(separator: " ") == common + "-A -sC -O --traceroute -sV -sU -Pn -p 80,443"
        )
    }

    @Test("host discovery happens only where it was asked for")
    func hostDiscovery() {
        let options = OpenPortsOptions(skipHostDiscovery: false, ports: webPorts)
        #expect(NmapArguments.openPorts(options, family: .v4) == ["-p", "80,443"])
    }

    @Test("whatever options say, there is no argument but those of a known form")
    func grammar() {
        forAll { generator in
            let ports = PortSet.random(using: &generator)
            let timing = TimingOptions.random(using: &generator)
            let family: AddressFamily = Bool.random(using: &generator) ? .v4 : .v6
            let transportProtocol: TransportProtocol = Bool.random(using: &generator) ? .tcp : .udp
            let openPorts = OpenPortsOptions(
                timing: timing,
                skipHostDiscovery: Bool.random(using: &generator),
                transportProtocol: transportProtocol,
                ports: ports
            )
            let services = ServiceOptions(
                timing: timing,
                aggressiveScan: Bool.random(using: &generator),
                defaultScripts: Bool.random(using: &generator),
                osDetection: Bool.random(using: &generator),
                traceroute: Bool.random(using: &generator)
            )
            let phases = [
                NmapArguments.openPorts(openPorts, family: family),
                NmapArguments.services(services, ports: ports, transportProtocol: transportProtocol, family: family),
            ]
            return phases.first { !Self.isWellFormed($0) }.map { "not of a known form: \($0)" }
        }
    }

    /// A grammar of its own, written down from nmap's manual, not taken from the code.
    private static func isWellFormed(_ arguments: [String]) -> Bool {
        var rest = arguments[...]
        while let argument = rest.popFirst() {
            guard !rest.contains(argument) else { return false }
            switch argument {
            case "-6", "-n", "-R", "-A", "-sC", "-O", "--traceroute", "-sV", "-sU", "-Pn":
                continue
            case "--max-retries", "--min-parallelism", "--max-parallelism", "--min-rate", "--max-rate":
                guard let value = rest.popFirst(), isNumber(value) else { return false }
            case "--min-rtt-timeout", "--max-rtt-timeout", "--initial-rtt-timeout":
                guard let value = rest.popFirst(), value.hasSuffix("ms"), isNumber(value.dropLast(2)) else {
                    return false
                }
            case "-p":
                guard let list = rest.popFirst(), rest.isEmpty else { return false }
                return list.split(separator: ",", omittingEmptySubsequences: false).allSatisfy(isPortOrRange)
            default:
                return false
            }
        }
        return true
    }

    private static func isPortOrRange(_ text: Substring) -> Bool {
        let bounds = text.split(separator: "-", omittingEmptySubsequences: false)
        return bounds.count <= 2 && bounds.allSatisfy { isNumber($0) && Int($0)! <= 65_535 }
    }

    private static func isNumber(_ text: some StringProtocol) -> Bool {
        (1...5).contains(text.utf8.count) && text.utf8.allSatisfy { UInt8(ascii: "0")...UInt8(ascii: "9") ~= $0 }
    }
}

extension PortSet {
    /// Ports as a request may name them: of texts that are to be refused, it is enough that one is not.
    fileprivate static func random(using generator: inout SeededGenerator) -> PortSet {
        let entries = (0..<Int.random(in: 1...2, using: &generator)).map { _ in
            String(
                (0..<Int.random(in: 0...4, using: &generator)).map { _ in hostile.randomElement(using: &generator)! }
            )
        }
        return (try? PortSet(parsing: entries))
            ?? PortSet(ports: (0..<5).map { _ in UInt16.random(in: .min ... .max, using: &generator) })
    }

    private static let hostile = Array("0123456789012345678901234567890123456789-- ,;*\n$`T:\u{661}")
}

extension TimingOptions {
    fileprivate static func random(using generator: inout SeededGenerator) -> TimingOptions {
        func number() -> Int? {
            switch Int.random(in: 0..<4, using: &generator) {
            case 0: nil
            case 1: [Int.min, -1, 0, 1, Int.max].randomElement(using: &generator)
            case 2: Int.random(in: 0...1_000, using: &generator)
            default: Int.random(in: .min ... .max, using: &generator)
            }
        }
        return TimingOptions(
            dnsResolution: [nil, true, false].randomElement(using: &generator)!,
            maxRetries: number(),
            minParallelism: number(),
            maxParallelism: number(),
            minRTTTimeoutMilliseconds: number(),
            maxRTTTimeoutMilliseconds: number(),
            initialRTTTimeoutMilliseconds: number(),
            minRate: number(),
            maxRate: number()
        )
    }
}
