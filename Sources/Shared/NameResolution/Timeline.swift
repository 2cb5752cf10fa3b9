/// Elements in the order in which their time comes.
struct Timeline<Element> {
    private var entries: [(element: Element, due: ContinuousClock.Instant)] = []
    private var head = 0

    /// When the first element's time comes.
    var next: ContinuousClock.Instant? { head < entries.count ? entries[head].due : nil }

    /// Appends an element whose time comes no sooner than that of the one before.
    mutating func append(_ element: Element, due: ContinuousClock.Instant) {
        entries.append((element, due))
    }

    /// Takes the first element if its time has come.
    mutating func popFirst(dueBy now: ContinuousClock.Instant) -> (element: Element, due: ContinuousClock.Instant)? {
        guard head < entries.count, entries[head].due <= now else { return nil }
        defer { advance() }
        return entries[head]
    }

    mutating func removeAll() {
        self = Timeline()
    }

    /// The entries taken are dropped once they are as many as those left, so that an element is moved once on average.
    private mutating func advance() {
        head += 1
        guard head * 2 >= entries.count else { return }
        entries.removeFirst(head)
        head = 0
    }
}
