import PropertyTesting
import Testing

@testable import Nmap

@Suite("XML")
struct XMLNodeTests {
    private func parse(_ text: String) throws -> XMLNode {
        try XMLNode(parsing: Array(text.utf8))
    }

    @Test("attributes keep their order, text its white space, and references are resolved")
    func reads() throws {
        let node = try parse(
            """
            <?xml version="1.0" encoding="UTF-8"?>
            <!DOCTYPE a>
            <?xml-stylesheet href="x"?>
            <!-- a comment -->
            <a z="1" y='&quot;&apos;&lt;&gt;&amp;&#45;&#x2d;&#xa;&#9;'>
              <b/><c> t&amp;u<![CDATA[<&>]]> </c><!-- another --><?pi data?>
            </a>
            """
        )
        #expect(node.attributes.map(\.name) == ["z", "y"])
        #expect(node["y"] == "\"'<>&--\n\t")
        #expect(node.children.map(\.name) == ["b", "c"])
        #expect(node.first("c")?.text == " t&u<&> ")
        #expect(node.text.isEmpty)
    }

    @Test("line ends and white space are normalised as XML demands")
    func normalises() throws {
        let node = try parse("<a x='1\r\n2\t3\n4\r5'>1\r\n2\r3</a>")
        #expect(node["x"] == "1 2 3 4 5")
        #expect(node.text == "1\n2\n3")
    }

    @Test("a control character that XML forbids is read from its reference as U+FFFD")
    func replacesControls() throws {
        #expect(try parse("<a x='&#x1;b&#0;&#27;'/>")["x"] == "\u{FFFD}b\u{FFFD}\u{FFFD}")
    }

    @Test("every fixture's host reads back from what is written of it", arguments: Fixture.allCases)
    func roundTrip(fixture: Fixture) throws {
        guard let host = try fixture.verdict.finding else { return }
        #expect(try XMLNode(parsing: host.element.serialized()) == host.element)
    }

    @Test("what is written holds no byte that XML forbids, and reads back", arguments: 0..<100)
    func writesLegalText(seed: UInt64) throws {
        var generator = SeededGenerator(seed: seed)
        let alphabet: [Unicode.Scalar] = [
            "\0", "\u{1}", "\u{8}", "\t", "\n", "\u{B}", "\r", "\u{1B}", " ", "<", ">", "&", "\"", "'", "]", "-", "a",
            "é", "\u{7F}", "\u{FFFD}", "\u{FFFE}", "\u{FFFF}", "\u{1F600}", "\u{10FFFF}",
        ]
        func text() -> String {
            var text = String.UnicodeScalarView()
            text.append(contentsOf: (0..<20).map { _ in alphabet.randomElement(using: &generator)! })
            return String(text)
        }
        let node = XMLNode("a", ["x": text(), "y": text()], text: text())
        let bytes = node.serialized()
        #expect(bytes.isLegalXMLText)
        #expect(bytes.allSatisfy { $0 >= 0x20 })
        let read = try XMLNode(parsing: bytes)
        func replaced(_ text: String?) -> [Unicode.Scalar] {
            (text ?? "").unicodeScalars.map { $0.isLegalInXML ? $0 : "\u{FFFD}" }
        }
        #expect(Array((read["x"] ?? "").unicodeScalars) == replaced(node["x"]))
        #expect(Array((read["y"] ?? "").unicodeScalars) == replaced(node["y"]))
        #expect(Array(read.text.unicodeScalars) == replaced(node.text))
    }

    @Test("an attribute can be changed, added and removed")
    func changesAttributes() {
        var node = XMLNode("a", ["x": "1", "y": "2"])
        node["y"] = "3"
        node["z"] = "4"
        node["x"] = nil
        node["w"] = nil
        #expect(node == XMLNode("a", ["y": "3", "z": "4"]))
    }
}
