import Foundation
import PropertyTesting
import Testing

@testable import TaskerAPI

@Suite("Reading JSON")
struct JSONReaderTests {
    @Test(
        "values of every kind are read",
        arguments: [
            ("null", JSONValue.null), (" true\n", true), ("false", false), ("0", 0), ("-17", -17),
            ("1.5", .number(1.5)), ("1e2", .number(100)), ("9223372036854775807", .integer(.max)),
            ("9223372036854775808", .number(9_223_372_036_854_775_808)), (#""a\n\"\\\/\u0041""#, "a\n\"\\/A"),
            (#""\ud83d\ude00é""#, "😀é"), ("[]", .array([])), ("[1, [2]]", .array([1, .array([2])])),
            ("{}", .object([:])),
            (#"{"a" : {"b":[null]}}"#, .object(["a": .object(["b": .array([.null])])])),
        ]
    )
    func values(text: String, expected: JSONValue) throws {
        #expect(try JSONReader.read(Array(text.utf8)) == expected)
    }

    @Test(
        "what is not JSON is an error at its place",
        arguments: [
            ("", 0), ("  ", 2), ("{", 1), ("[1,]", 3), ("[1 2]", 3), ("01", 1), ("1.", 2), ("-", 1), ("1e", 2),
            ("+1", 0),
            ("nul", 0), ("'a'", 0), ("{a:1}", 1), (#"{"a" 1}"#, 5), (#"{"a":1,}"#, 7), (#"{"a":1,"a":2}"#, 7),
            (#""a"#, 2), ("\"\n\"", 1), (#""\x""#, 1), (#""\u12g4""#, 5), (#""\ud800""#, 1), (#""\ud800\u0041""#, 1),
            (#""\udc00""#, 1), ("1 2", 2), ("1e999", 0), ("\u{FEFF}1", 0), ("[1]]", 3),
        ]
    )
    func errors(text: String, offset: Int) {
        let error = #expect(throws: JSONSyntaxError.self) { try JSONReader.read(Array(text.utf8)) }
        #expect(error?.offset == offset)
    }

    @Test("bytes that are not UTF-8 are an error")
    func badUTF8() {
        let error = #expect(throws: JSONSyntaxError.self) { try JSONReader.read([0x22, 0x61, 0xFF, 0x22]) }
        #expect(error?.offset == 1)
    }

    @Test("nesting is bounded")
    func depth() throws {
        let deepest = JSONReader.maximumDepth
        func nested(_ depth: Int) -> [UInt8] {
            Array(repeating: UInt8(ascii: "["), count: depth) + Array(repeating: UInt8(ascii: "]"), count: depth)
        }
        _ = try JSONReader.read(nested(deepest))
        #expect(throws: JSONSyntaxError.self) { try JSONReader.read(nested(deepest + 1)) }
        #expect(throws: JSONSyntaxError.self) {
            try JSONReader.read(Array(repeating: UInt8(ascii: "["), count: 1_000_000))
        }
    }

    @Test("the members of an object are bounded")
    func members() throws {
        func object(_ count: Int) -> [UInt8] {
            Array("{\((0..<count).map { "\"m\($0)\":1" }.joined(separator: ","))}".utf8)
        }
        _ = try JSONReader.read(object(JSONReader.maximumMembers))
        let error = #expect(throws: JSONSyntaxError.self) {
            try JSONReader.read(object(JSONReader.maximumMembers + 1))
        }
        #expect(error?.message == "an object has more than 1000 members")
    }

    @Test("values are counted, those within others included")
    func values() throws {
        let text = Array(#"{"a":[1,2,{"b":null}]}"#.utf8)
        _ = try JSONReader.read(text, maximumValues: 6)
        #expect(throws: JSONSyntaxError.self) { try JSONReader.read(text, maximumValues: 5) }
    }

    @Test("what is written is read back, and bytes cut or changed never crash the reader")
    func roundTripAndMutations() throws {
        let original = try Fixture.bytes("run-nmap.request")
        let value = try JSONReader.read(original)
        #expect(try JSONReader.read(try value.bytes) == value)
        var generator = SplitMix(seed: 7)
        for _ in 0..<2_000 {
            var mutant = original
            mutant[Int.random(in: mutant.indices, using: &generator)] = UInt8.random(in: 0...255, using: &generator)
            let isCut = Bool.random(using: &generator)
            if isCut { mutant.removeLast(Int.random(in: 1...mutant.count, using: &generator)) }
            let ours = try? JSONReader.read(mutant)
            let foundations = try? JSONSerialization.jsonObject(with: Data(mutant), options: .fragmentsAllowed)
            if ours != nil { #expect(foundations != nil, "\(String(decoding: mutant, as: UTF8.self))") }
        }
    }
}

/// A small generator with a seed (Steele, Lea, Flood 2014).
struct SplitMix: RandomNumberGenerator {
    private var state: UInt64

    init(seed: UInt64) { state = seed }

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var z = state
        z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
        z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
        return z ^ (z >> 31)
    }
}
