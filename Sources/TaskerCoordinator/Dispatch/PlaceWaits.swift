import DequeModule
import ScanModel

/// Targets that are due and wait until a place has room for them.
///
/// Nobody asks in between: a place that becomes free is remembered for each scan that waits there, and looked at when the
/// scan's next tasks are chosen. It stays remembered until it was found full or nobody waits there any more, so that no
/// room is lost where a target that was let through does not take it.
struct PlaceWaits: Sendable {
    typealias Place = Politeness.Place

    private var waiting: [ScanID: [Place: Deque<ScanTasks.Ticket>]] = [:]
    private var scans: [Place: Set<ScanID>] = [:]
    private var freed: [ScanID: Set<Place>] = [:]

    mutating func wait(_ ticket: ScanTasks.Ticket, of scan: ScanID, for place: Place) {
        waiting[scan, default: [:]][place, default: []].append(ticket)
        scans[place, default: []].insert(scan)
    }

    /// A place has, or may have, room for one more, whoever takes it.
    ///
    /// - Returns: whether anybody waits there.
    @discardableResult
    mutating func free(_ place: Place) -> Bool {
        guard let waiting = scans[place] else { return false }
        for scan in waiting { freed[scan, default: []].insert(place) }
        return true
    }

    /// Lets those of a scan through for whom there is room, the longest waiting first.
    mutating func letThrough(of scan: ScanID, room: (Place) -> Int) -> [ScanTasks.Ticket] {
        guard let places = freed.removeValue(forKey: scan) else { return [] }
        var tickets: [ScanTasks.Ticket] = []
        for place in places {
            guard var queue = waiting[scan]?.removeValue(forKey: place) else { continue }
            let count = min(queue.count, max(0, room(place)))
            tickets += queue.prefix(count)
            queue.removeFirst(count)
            if queue.isEmpty {
                scans[place]?.remove(scan)
                if scans[place]?.isEmpty == true { scans[place] = nil }
            } else {
                waiting[scan]?[place] = queue
            }
        }
        if waiting[scan]?.isEmpty == true { waiting[scan] = nil }
        return tickets
    }

    mutating func forget(_ scan: ScanID) {
        freed[scan] = nil
        for place in (waiting.removeValue(forKey: scan) ?? [:]).keys {
            scans[place]?.remove(scan)
            if scans[place]?.isEmpty == true { scans[place] = nil }
        }
    }

    var isEmpty: Bool { waiting.isEmpty && scans.isEmpty && freed.isEmpty }
}
