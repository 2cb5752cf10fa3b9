import ScanModel

extension ScanBook {
    /// A worker has a task, also where another one had it before.
    func began(_ task: TaskReference, by host: String) {
        move(task, to: .started, host: host)
    }

    /// A task that a worker had is in the queue again.
    func returned(_ task: TaskReference) {
        move(task, to: .queued, host: nil)
    }

    private func move(_ task: TaskReference, to state: TaskState, host: String?) {
        guard let known = current(task), known.state != .finishing else { return }
        set(TargetLife(reference: task, state: state, since: now(), worker: host), of: task.target, in: task.scan)
    }
}
