import Foundation
import ScanModel
import Synchronization

@testable import ScanStore
@testable import TaskerAPI

/// A store in memory, which a test can break.
final class MemoryStore: ScanKeeping {
    typealias Submitted = (request: ScanRequest, id: ScanID, project: ProjectID, caller: String)

    struct State {
        var submitted: [Submitted] = []
        /// Who asked for what changes something, in order.
        var requesters: [Requester] = []
        /// Latest first.
        var audit: [ProjectID: [AuditEntry]] = [:]
        var submittedKeys: [ProjectID: [String: Int]] = [:]
        var answers: [ScanID: PlanAnswer] = [:]
        var states: [ScanID: ScanState] = [:]
        var receipts: [UUID: StopReceipt] = [:]
        var stopRequests: [UUID] = []
        var activeScans: [ScanID: ProjectID] = [:]
        var paused: Set<ScanID> = []
        var status = ScanStore.ProjectStatus()
        var progress: [ScanProgress] = []
        var requests: [ScanID: (project: ProjectID, request: ScanRequest)] = [:]
        var reports: [ScanID: (project: ProjectID, report: ScanReport)] = [:]
        /// How often a report was read, which costs as much as it has names.
        var reportsRead = 0
        var moments: [ScanID: (project: ProjectID, moment: ScanMoment)] = [:]
        var remarks: [ScanID: [Int: ScanReport.Remark]] = [:]
        /// The targets on which remarks were read, request by request; nil for all of a scan.
        var remarksRead: [[Int]?] = []
        var outcomes: [ScanID: [Int: [UInt8]]] = [:]
        /// The chunks of outcomes that were read, in order.
        var chunksRead: [Int] = []
        /// The store goes away when this many chunks were read.
        var chunksUntilAway = Int.max
        var quarantine: [ProjectID: [QuarantinedReport]] = [:]
        var quarantinedReports: [ProjectID: [String: [UInt8]]] = [:]
        var setAside: [ProjectID: [SetAsideNote]] = [:]
        var workers: [ScanStore.WorkerRecord] = []
        var events: [ProjectID: [ProjectEvent]] = [:]
        /// The events of each project that are not there any more.
        var forgottenEvents: [ProjectID: Int] = [:]
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
        by requester: Requester,
        idempotencyKey: String?,
        atMilliseconds milliseconds: Int
    ) async throws(StoreError) -> ScanID {
        let (first, isLost) = try read { state -> (Submitted, Bool) in
            if let key = idempotencyKey, let index = state.submittedKeys[project]?[key] {
                return (state.submitted[index], false)
            }
            if let idempotencyKey {
                state.submittedKeys[project, default: [:]][idempotencyKey] = state.submitted.count
            }
            let new = (request, id, project, requester.caller)
            state.requesters.append(requester)
            state.submitted.append(new)
            state.states[id] = .planning
            state.onSubmit?(id, &state)
            defer { state.losesSubmitReply = false }
            return (new, state.losesSubmitReply)
        }
        if isLost { throw StoreError(.unavailable, "the reply was lost", mayHaveBeenApplied: true) }
        guard first.request == request else { throw StoreError(.conflict, "scripted") }
        return first.id
    }

    func answer(for id: ScanID) async throws(StoreError) -> (answer: PlanAnswer?, state: ScanState?) {
        try read { ($0.answers[id], $0.states[id]) }
    }

    func request(of id: ScanID, in project: ProjectID) async throws(StoreError) -> ScanRequest? {
        try read { $0.requests[id].flatMap { $0.project == project ? $0.request : nil } }
    }

    func pace(
        _ pace: ScanStore.Pace,
        project: ProjectID,
        scan: ScanID?,
        by requester: Requester
    ) async throws(StoreError) -> [ScanID] {
        try read { state in
            let scans = state.activeScans.filter { $0.value == project && (scan == nil || scan == $0.key) }.keys
                .sorted()
            state.requesters.append(requester)
            switch pace {
            case .paused: state.paused.formUnion(scans)
            case .running: state.paused.subtract(scans)
            }
            return scans
        }
    }

    func requestStop(
        of project: ProjectID,
        receipt: UUID,
        by requester: Requester
    ) async throws(StoreError) -> [ScanID]? {
        try read { state in
            state.requesters.append(requester)
            state.stopRequests.append(receipt)
            state.onStop?(receipt, &state)
            let scans = state.activeScans.filter { $0.value == project }.keys.sorted()
            return scans.isEmpty && state.receipts[receipt] == nil ? nil : scans
        }
    }

    func audit(of project: ProjectID, limit: Int, after: StreamPosition?) async throws(StoreError) -> [AuditEntry] {
        try read { state in
            let entries = state.audit[project] ?? []
            let first = after.flatMap { id in entries.firstIndex { $0.id == id } }.map { $0 + 1 } ?? 0
            return Array(entries.dropFirst(first).prefix(limit))
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

    func report(of id: ScanID, in project: ProjectID) async throws(StoreError) -> ScanReport? {
        try read { state in
            state.reportsRead += 1
            return state.reports[id].flatMap { $0.project == project ? $0.report : nil }
        }
    }

    func moment(of id: ScanID, in project: ProjectID) async throws(StoreError) -> ScanMoment? {
        try read { $0.moments[id].flatMap { $0.project == project ? $0.moment : nil } }
    }

    func remarks(of id: ScanID) async throws(StoreError) -> [Int: ScanReport.Remark] {
        try read { state in
            state.remarksRead.append(nil)
            return state.remarks[id] ?? [:]
        }
    }

    func remarks(of id: ScanID, on targets: [Int]) async throws(StoreError) -> [Int: ScanReport.Remark] {
        try read { state in
            state.remarksRead.append(targets)
            return (state.remarks[id] ?? [:]).filter { targets.contains($0.key) }
        }
    }

    func outcomes(of id: ScanID, chunk: Int) async throws(StoreError) -> [UInt8] {
        try read { state in
            state.chunksRead.append(chunk)
            state.isAway = state.chunksRead.count >= state.chunksUntilAway
            return state.outcomes[id]?[chunk] ?? []
        }
    }

    func quarantine(of project: ProjectID, limit: Int) async throws(StoreError) -> [QuarantinedReport] {
        try read { Array(($0.quarantine[project] ?? []).prefix(limit)) }
    }

    func quarantinedReport(_ id: String, of project: ProjectID) async throws(StoreError) -> [UInt8]? {
        try read { $0.quarantinedReports[project]?[id] }
    }

    func setAside(of project: ProjectID, limit: Int) async throws(StoreError) -> [SetAsideNote] {
        try read { Array(($0.setAside[project] ?? []).prefix(limit)) }
    }

    func workers() async throws(StoreError) -> [ScanStore.WorkerRecord] {
        try read { $0.workers }
    }

    func eventHistory(of project: ProjectID) async throws(StoreError) -> EventHistory {
        try read { state in
            let forgotten = state.forgottenEvents[project] ?? 0
            let events = (state.events[project] ?? []).dropFirst(forgotten)
            return EventHistory(first: events.first?.id, last: events.last?.id ?? .beforeAll, isWhole: forgotten == 0)
        }
    }

    func events(
        after positions: [ProjectID: StreamPosition]
    ) async throws(StoreError) -> [ProjectID: [ProjectEvent]] {
        try read { state in
            positions.reduce(into: [:]) { events, place in
                let news = (state.events[place.key] ?? []).dropFirst(state.forgottenEvents[place.key] ?? 0).filter {
                    $0.id > place.value
                }
                if !news.isEmpty { events[place.key] = Array(news.prefix(ScanStore.eventsPerRead)) }
            }
        }
    }

    func ping() async throws(StoreError) {
        try read { _ in }
    }
}
