import ScanModel

/// How many targets may be in flight, by what the workers can take.
struct DispatchWindow: Sendable {
    /// Targets per slot: enough that no slot waits for a round trip through the coordinator.
    let perSlot: Int
    let minimum: Int
    let maximum: Int

    /// The window; 0 where nobody would take a task.
    func size(slots: Int) -> Int {
        guard slots > 0 else { return 0 }
        let (size, overflow) = slots.multipliedReportingOverflow(by: perSlot)
        return overflow ? maximum : min(max(size, minimum), maximum)
    }
}

/// The windows of both ways of chaining: each has queues and workers of its own.
struct DispatchWindows: Sendable, Equatable {
    let coordinator: Int
    let worker: Int

    subscript(chaining: PhaseChaining) -> Int {
        switch chaining {
        case .coordinator: coordinator
        case .worker: worker
        }
    }

    /// Nobody would take a task.
    var areShut: Bool { coordinator == 0 && worker == 0 }
}

/// Places taken in the windows.
struct WindowPlaces: Sendable, Equatable {
    private var taken: [PhaseChaining: Int] = [:]

    subscript(chaining: PhaseChaining) -> Int {
        get { taken[chaining, default: 0] }
        set { taken[chaining] = newValue }
    }

    var total: Int { taken.values.reduce(0, +) }

    mutating func add(_ other: WindowPlaces) {
        taken.merge(other.taken, uniquingKeysWith: +)
    }
}

extension DispatchWindow {
    /// The share of a window that projects with much in flight leave to those with little, so that a new project never waits
    /// for an old one's targets: an eighth, at least one.
    static func reserve(of window: Int) -> Int {
        max(1, window / 8)
    }

    /// How many more targets a project may have in flight: up to the reserve as long as the window has room at all, beyond
    /// it as long as the rest of the window has.
    ///
    /// - Parameters:
    ///   - inFlight: the targets in flight of all projects.
    ///   - own: those of the project.
    static func room(in window: Int, inFlight: Int, own: Int) -> Int {
        let reserve = reserve(of: window)
        return max(0, min(reserve - own, window - inFlight), window - reserve - inFlight)
    }
}
