import Foundation
import Hummingbird

/// The hosts that workers run on, for every known caller: `GET /workers`, what they do; `GET /workers/ips`, the addresses they
/// scan from, as the original has it.
struct WorkerRoutes: Sendable {
    let store: any ScanKeeping

    func register(in routes: RouteTable) {
        routes.on(.workers) { _, _ in
            try .json(WorkerListAnswer(try await store.workers(), now: Int(Date().timeIntervalSince1970)))
        }
        routes.on(.workerAddresses) { _, _ in try .json(WorkersAnswer(try await store.workers())) }
    }
}

extension Operation {
    fileprivate static let workers = Operation(
        id: "workers",
        subject: .workers,
        methods: [.get],
        path: "/workers",
        access: .anyCaller,
        summary: "The workers seen in the last 90 s, and what they do",
        answers: [.ok(WorkerListAnswer.schema, "The workers.")]
    )
    fileprivate static let workerAddresses = Operation(
        id: "worker-addresses",
        subject: .workers,
        methods: [.get],
        path: "/workers/ips",
        access: .anyCaller,
        summary: "The workers seen in the last 90 s, and the addresses they scan from",
        answers: [.ok(WorkersAnswer.schema, "The workers.")]
    )
}
