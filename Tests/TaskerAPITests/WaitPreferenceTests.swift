import HTTPTypes
import Testing

@testable import TaskerAPI

@Suite("Prefer")
struct WaitPreferenceTests {
    @Test(
        "preferences are read as RFC 7240 has them",
        arguments: [
            ([], 30, nil), (["wait=10"], 10, "wait=10"), (["Wait=\"5\""], 5, "wait=5"), (["wait=0"], 0, "wait=0"),
            (["wait=600"], 55, "wait=55"), (["respond-async"], 0, "respond-async"),
            (["respond-async, wait=7"], 7, "respond-async, wait=7"),
            (["respond-async", "wait = 7"], 7, "respond-async, wait=7"),
            (["wait=3, wait=9"], 3, "wait=3"), (["wait=3; foo=bar"], 3, "wait=3"),
            (["handling=strict, wait=4"], 4, "wait=4"),
            (["wait=-1"], 30, nil), (["wait=soon"], 30, nil), (["wait"], 30, nil), ([""], 30, nil), ([",;=,"], 30, nil),
            (["wait=99999999999999999999"], 30, nil),
        ] as [([String], Int, String?)]
    )
    func preferences(values: [String], seconds: Int, applied: String?) {
        var headers = HTTPFields()
        for value in values { headers.append(HTTPField(name: .prefer, value: value)) }
        let preference = WaitPreference(headers, defaultWait: .seconds(30))
        #expect(preference.duration == .seconds(seconds))
        #expect(preference.applied == applied)
    }
}
