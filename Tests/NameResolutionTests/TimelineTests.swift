import Testing

@testable import NameResolution

@Suite("Timeline")
struct TimelineTests {
    @Test("each element comes in order, once, when its time has come")
    func order() {
        let start = ContinuousClock.now
        var timeline = Timeline<Int>()
        var taken: [Int] = []
        for second in 0..<1000 {
            timeline.append(second, due: start + .seconds(second + 10))
            while let (element, due) = timeline.popFirst(dueBy: start + .seconds(second)) {
                #expect(due == start + .seconds(element + 10))
                taken.append(element)
            }
        }
        #expect(taken == Array(0..<990))
        #expect(timeline.next == start + .seconds(1000))
        timeline.removeAll()
        #expect(timeline.next == nil)
    }
}
