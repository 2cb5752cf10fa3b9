import PropertyTesting
import Testing

@testable import TaskerCoordinator

struct DispatchWindowTests {
    private let window = DispatchWindow(perSlot: 3, minimum: 16, maximum: 4_096)

    @Test("the window follows the slots between its bounds, and is closed where nobody takes a task")
    func size() {
        #expect(window.size(slots: 0) == 0)
        #expect(window.size(slots: 1) == 16)
        #expect(window.size(slots: 100) == 300)
        #expect(window.size(slots: .max) == 4_096)
    }

    /// Fills a window by one project as far as it may.
    private func filled(_ window: Int) -> Int {
        var own = 0
        while DispatchWindow.room(in: window, inFlight: own, own: own) > 0 { own += 1 }
        return own
    }

    @Test("a lone project gets seven eighths of any window, and all of a window of one", arguments: 1...512)
    func loneProject(window: Int) {
        #expect(filled(window) == max(1, window - max(1, window / 8)))
    }

    @Test("however full an old project has made the window, a new one gets in at once", arguments: 2...512)
    func newcomer(window: Int) {
        #expect(DispatchWindow.room(in: window, inFlight: filled(window), own: 0) >= 1)
    }

    @Test("the window is never exceeded, whoever fills it", arguments: [1, 2, 7, 8, 16, 100])
    func neverExceeded(window: Int) {
        var random = SeededGenerator(seed: 5)
        var own = [0, 0, 0, 0]
        for _ in 0..<10_000 {
            let project = Int.random(in: own.indices, using: &random)
            if Bool.random(using: &random) {
                own[project] = max(0, own[project] - 1)
            } else {
                let room = DispatchWindow.room(in: window, inFlight: own.reduce(0, +), own: own[project])
                if room > 0 { own[project] += Int.random(in: 0...room, using: &random) }
            }
            #expect(own.reduce(0, +) <= window)
        }
    }

    @Test("no room is nothing to take away: a window that shrank, or that a takeover found full")
    func overrun() {
        #expect(DispatchWindow.room(in: 16, inFlight: 40, own: 0) == 0)
        #expect(DispatchWindow.room(in: 0, inFlight: 0, own: 0) == 0)
    }
}
