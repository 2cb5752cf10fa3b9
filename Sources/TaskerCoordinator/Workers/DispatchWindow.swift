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
