import Foundation
import ScanModel
import Synchronization

@testable import ScanStore
@testable import TaskerAPI

/// A store in memory, which a test can break.
final class MemoryStore: ScanKeeping {
    struct State {
        var submitted: [(request: ScanRequest, id: ScanID, project: ProjectID, caller: String)] = []
        var answers: [ScanID: PlanAnswer] = [:]
        var states: [ScanID: ScanState] = [:]
        var receipts: [UUID: StopReceipt] = [:]
        var stopRequests: [UUID] = []
        var activeScans: [ScanID] = []
        var status = ScanStore.ProjectStatus()
        var progress: [ScanProgress] = []
        var workers: [ScanStore.WorkerRecord] = []
        var isAway = false
        /// The next submission is stored, and its answer lost.
        var losesSubmitReply = false
        /// What a submission makes of itself, as the coordinator would.
        var onSubmit: (@Sendable (ScanID, inout State) -> Void)?
        /// What a stop makes of itself.
        var onStop: (@Sendable (UUID, inout State) -> Void)?
    }

    let state = Mutex(State())

    private func read<Value>(_ body: (inout State) -> Value) throws(StoreError) -> Value {
        let value = state.withLock { $0.isAway ? nil : Optional(body(&$0)) }
        guard let value else { throw StoreError(.unavailable, "scripted") }
        return value
    }

    func submit(
        _ request: ScanRequest,
        as id: ScanID,
        for project: ProjectID,
        caller: String,
        atMilliseconds milliseconds: Int
    ) async throws(StoreError) {
        let isLost = try read { state in
            state.submitted.append((request, id, project, caller))
            state.states[id] = .planning
            state.onSubmit?(id, &state)
            defer { state.losesSubmitReply = false }
            return state.losesSubmitReply
        }
        if isLost { throw StoreError(.unavailable, "the reply was lost", mayHaveBeenApplied: true) }
    }

    func answer(for id: ScanID) async throws(StoreError) -> (answer: PlanAnswer?, state: ScanState?) {
        try read { ($0.answers[id], $0.states[id]) }
    }

    func requestStop(of project: ProjectID, receipt: UUID) async throws(StoreError) -> [ScanID] {
        try read { state in
            state.stopRequests.append(receipt)
            state.onStop?(receipt, &state)
            return state.activeScans
        }
    }

    func receipt(_ id: UUID) async throws(StoreError) -> StopReceipt? {
        try read { $0.receipts[id] }
    }

    func status(of project: ProjectID) async throws(StoreError) -> ScanStore.ProjectStatus {
        try read { $0.status }
    }

    func progress(of id: ScanID, in project: ProjectID) async throws(StoreError) -> ScanProgress? {
        try read { $0.progress.first { $0.id == id && $0.project == project } }
    }

    func scans(of project: ProjectID, limit: Int) async throws(StoreError) -> [ScanProgress] {
        try read { Array($0.progress.filter { $0.project == project }.prefix(limit)) }
    }

    func workers() async throws(StoreError) -> [ScanStore.WorkerRecord] {
        try read { $0.workers }
    }

    func ping() async throws(StoreError) {
        try read { _ in }
    }
}
