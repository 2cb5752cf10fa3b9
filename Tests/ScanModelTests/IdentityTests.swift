import Foundation
import ScanModel
import Testing
import UUIDText

struct IdentityTests {
    @Test("a task id is the UUIDv5 that Python's uuid5 makes of the same names")
    func taskID() throws {
        let scan = try #require(ScanID("019a8f00-0000-7000-8000-000000000001"))
        let task = TaskReference(scan: scan, target: 17, phase: .services, attempt: 2)
        #expect(task.taskID.text == "44b12c4d-7155-52b6-b3f1-6410b79c06eb")
    }

    @Test("every part of a task's reference changes its id")
    func taskIDsDiffer() throws {
        let scan = try #require(ScanID("019a8f00-0000-7000-8000-000000000001"))
        let other = try #require(ScanID("019a8f00-0000-7000-8000-000000000002"))
        let tasks = [
            TaskReference(scan: scan, target: 1, phase: .openPorts, attempt: 1),
            TaskReference(scan: other, target: 1, phase: .openPorts, attempt: 1),
            TaskReference(scan: scan, target: 2, phase: .openPorts, attempt: 1),
            TaskReference(scan: scan, target: 1, phase: .services, attempt: 1),
            TaskReference(scan: scan, target: 1, phase: .openPorts, attempt: 2),
        ]
        #expect(Set(tasks.map(\.taskID)).count == tasks.count)
    }

    @Test("scan ids carry version and variant of RFC 9562 and sort by time")
    func scanIDs() {
        var generator = SystemRandomNumberGenerator()
        var previous: ScanID?
        for millisecond in UInt64(1_795_000_000_000)..<1_795_000_000_200 {
            let id = ScanID.make(atMilliseconds: millisecond, using: &generator)
            let text = Array(id.description)
            #expect(text[14] == "7")
            #expect("89ab".contains(text[19]))
            if let previous { #expect(previous < id) }
            previous = id
        }
    }

    @Test("ids are read in either case and written in lower case")
    func text() {
        #expect(
            ProjectID("5DB0659D-75AD-4036-B5E0-FF1D2826FFAA")?.description == "5db0659d-75ad-4036-b5e0-ff1d2826ffaa"
        )
        #expect(ProjectID("not-a-uuid") == nil)
    }
}
