import AddressSpace
import PropertyTesting
import Testing

@testable import Nmap

@Suite("Hostile XML", .timeLimit(.minutes(1)))
struct HostileXMLTests {
    /// The refusal of a document, which must come fast: what it costs is what an attacker gets for one message.
    private func refusal(_ document: [UInt8]) -> HostileXMLError.Code? {
        var code: HostileXMLError.Code?
        let duration = ContinuousClock().measure {
            do throws(HostileXMLError) {
                _ = try XMLNode(parsing: document)
            } catch {
                code = error.code
            }
        }
        #expect(duration < .seconds(10))
        #expect(NmapReport.classify(document, expecting: .v4(1)).isMalformed)
        return code
    }

    private func refusal(_ document: String) -> HostileXMLError.Code? {
        refusal(Array(document.utf8))
    }

    @Test("a billion laughs are refused at the first declaration")
    func billionLaughs() {
        let entities = (1...9).map { "<!ENTITY l\($0) \"\(String(repeating: "&l\($0 - 1);", count: 10))\">" }
        let document =
            "<!DOCTYPE nmaprun [<!ENTITY l0 \"lol\">\(entities.joined())]><nmaprun args=\"&l9;\">&l9;</nmaprun>"
        #expect(refusal(document) == .declaration)
    }

    @Test(
        "a document type with anything but a name is refused",
        arguments: [
            "<!DOCTYPE r SYSTEM \"file:///etc/passwd\"><r/>",
            "<!DOCTYPE r PUBLIC \"x\" \"http://127.0.0.1/x.dtd\"><r/>",
            "<!DOCTYPE r []><r/>",
            "<!DOCTYPE r [<!ENTITY e SYSTEM \"file:///etc/passwd\">]><r>&e;</r>",
            "<!DOCTYPE r [<!ENTITY % p SYSTEM \"http://127.0.0.1/x.dtd\"> %p;]><r/>",
            "<!DOCTYPE r><!DOCTYPE r><r/>",
            "<!ENTITY e \"x\"><r/>",
            "<r><!DOCTYPE r></r>",
            "<r><!ENTITY e \"x\"></r>",
        ]
    )
    func documentTypes(document: String) {
        #expect(refusal(document) == .declaration)
    }

    @Test(
        "no entity but the predefined five is known",
        arguments: ["&e;", "&nbsp;", "&amp", "&;", "& ", "&#;", "&#x;"]
    )
    func entities(reference: String) {
        #expect(refusal("<r>\(reference)</r>") == .notWellFormed)
        #expect(refusal("<r x=\"\(reference)\"/>") == .notWellFormed)
    }

    @Test(
        "a reference to no character is refused",
        arguments: ["&#xD800;", "&#xFFFE;", "&#x110000;", "&#99999999;", "&#x99999999999999999999;", "&#-1;", "&#xg;"]
    )
    func characterReferences(reference: String) {
        #expect(refusal("<r>\(reference)</r>") == .notWellFormed)
    }

    @Test("64 elements deep is read, 65 is refused, and so are a million")
    func depth() throws {
        func nested(_ depth: Int) -> String {
            String(repeating: "<a>", count: depth) + String(repeating: "</a>", count: depth)
        }
        #expect(throws: Never.self) { try XMLNode(parsing: Array(nested(64).utf8)) }
        #expect(refusal(nested(65)) == .tooDeep)
        #expect(refusal(String(repeating: "<a>", count: 1_000_000)) == .tooDeep)
    }

    @Test("one byte more than 64 MiB is refused")
    func size() {
        let report = Array("<nmaprun>".utf8)
        let filler = [UInt8](repeating: UInt8(ascii: " "), count: 64 * 1024 * 1024 + 1 - report.count)
        #expect(refusal(report + filler) == .tooLarge)
    }

    @Test("elements and attributes are counted together")
    func nodes() {
        let limits = XMLLimits(bytes: 1_000, depth: 3, nodes: 11, attributesPerElement: 5)
        func read(_ elements: Int) throws {
            let document = "<r>" + String(repeating: "<a b=''/>", count: elements) + "</r>"
            _ = try XMLReader.document(Array(document.utf8), limits: limits)
        }
        #expect(throws: Never.self) { try read(5) }
        let error = #expect(throws: HostileXMLError.self) { try read(6) }
        #expect(error?.code == .tooManyNodes)
    }

    @Test("64 attributes of one element are read, 65 are refused, and so are 200,000")
    func attributes() throws {
        func element(_ attributes: Int) -> String {
            "<r " + (0..<attributes).map { "a\($0)=''" }.joined(separator: " ") + "/>"
        }
        #expect(throws: Never.self) { try XMLNode(parsing: Array(element(64).utf8)) }
        #expect(refusal(element(65)) == .tooManyNodes)
        #expect(refusal(element(200_000)) == .tooManyNodes)
    }

    @Test("bytes that are not UTF-8 are refused wherever they stand")
    func badUTF8() {
        for bytes: [UInt8] in [
            [0xFF], [0xC0, 0x80], [0xED, 0xA0, 0x80], [0xF5, 0x80, 0x80, 0x80], [0xC3], [0xEF, 0xBF, 0xBE], [0x00],
            [0x1B],
        ] {
            for (before, after) in [
                ("<a>", "</a>"), ("<a x='", "'/>"), ("<a", "/>"), ("<a ", "='1'/>"), ("<!-- ", " --><a/>"),
                ("<a><![CDATA[", "]]></a>"), ("<?p ", "?><a/>"), ("<!DOCTYPE a", "><a/>"), ("<a/>", ""),
            ] {
                #expect(refusal(Array(before.utf8) + bytes + Array(after.utf8)) == .encoding)
            }
        }
    }

    @Test("another encoding is refused", arguments: ["UTF-16", "ISO-8859-1", "UTF-7", ""])
    func encodings(name: String) {
        #expect(refusal("<?xml version='1.0' encoding='\(name)'?><a/>") == .encoding)
    }

    @Test(
        "what is not well-formed is refused",
        arguments: [
            "", " ", "text", "<", "<a", "<a>", "<a/", "<a></b>", "<a/>text", "<a/><b/>", "text<a/>", "<a x/>",
            "<a x=1/>",
            "<a x='1'y='2'/>", "<a x='1' x='2'/>", "<a x='<'/>", "<a x='1/>", "<1/>", "<a:b/>", "<a xmlns='u'/>",
            "<a x:y='1'/>", "<a>]]></a>", "<a><!-- -- --></a>", "<a><!-- </a>", "<a><![CDATA[</a>", "<a><?xml ?></a>",
            "<a><?p</a>", " <?xml version='1.0'?><a/>", "< a/>", "</a>", "<a></a x='1'>", "<!DOCTYPE><a/>", "<\u{E9}/>",
        ]
    )
    func notWellFormed(document: String) {
        #expect(refusal(document) == .notWellFormed)
    }

    @Test("a fixture with bytes changed at random never traps, and is never a finding on another address")
    func randomDamage() throws {
        var generator = SeededGenerator(seed: 7)
        let other = IPAddress.v4(0x0102_0304)
        for fixture in Fixture.allCases {
            let bytes = try fixture.bytes
            for _ in 0..<100 {
                var damaged = bytes
                for _ in 0..<Int.random(in: 1...4, using: &generator) {
                    damaged[Int.random(in: damaged.indices, using: &generator)] = .random(
                        in: .min ... .max,
                        using: &generator
                    )
                }
                #expect(NmapReport.classify(damaged, expecting: other).finding == nil)
                _ = NmapReport.classify(damaged, expecting: fixture.address)
            }
        }
    }
}
