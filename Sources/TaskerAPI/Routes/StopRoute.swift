import Foundation
import Hummingbird
import Logging
import ScanModel
import Telemetry

/// `GET` and `POST /tasks/{project_id}/stop-nmap`: stops what a project has running. The original has it as a GET.
struct StopRoute: Sendable {
    /// How long to wait for the coordinator: it drains its publisher and the broker's queue, and revokes.
    static let receiptWait = Duration.seconds(25)

    let store: any ScanKeeping
    let notifier: PlanNotifier

    func register(in routes: RouteTable) {
        routes.onProject(.stop) { _, context, access in try await stop(context, access) }
    }

    private func stop(_ context: APIContext, _ access: ProjectAccess) async throws -> Response {
        let id = UUID()
        guard let scans = try await store.requestStop(of: access.project, receipt: id, by: access.requester) else {
            return try .json(StopReceipt.noTasks)
        }
        context.logger.info(
            "Stop requested",
            metadata: [
                LogKey.project: "\(access.project)", LogKey.caller: "\(access.caller)", LogKey.count: "\(scans.count)",
            ]
        )
        let receipt = try await notifier.wait(for: .receipt(id), atMost: Self.receiptWait) {
            await written(id, context.logger)
        }
        guard let receipt else {
            throw APIError.unavailable(
                "the stop is recorded and holds: nothing more is dispatched. The coordinator has not confirmed yet what"
                    + " workers still run; ask again",
                retryAfter: .seconds(5)
            )
        }
        return try .json(receipt)
    }

    /// The receipt, once it is there. The stop is recorded, so that a store that is away for a moment only makes for a
    /// longer wait.
    private func written(_ id: UUID, _ logger: Logger) async -> StopReceipt? {
        await within(PlanNotifier.fallbackInterval) { [store] in
            do {
                return try await store.receipt(id)
            } catch {
                logger.warning("Receipt not readable", metadata: [LogKey.error: "\(error)"])
                return nil
            }
        }
    }
}

extension Operation {
    fileprivate static let stop = Operation(
        id: "stop",
        subject: .scans,
        methods: [.get, .post],
        path: "/tasks/{project_id}/stop-nmap",
        access: .project(.duringOutage),
        summary: "Stop the project's scans",
        description: "Answers when nothing can start any more, with a receipt. A stop may be repeated.",
        answers: [.ok(StopReceipt.schema, "The receipt.")]
    )
}

extension StopReceipt {
    fileprivate static let schema = Schema.object([
        .required("status", .choice(["stopped", "no_tasks"])),
        .required("revoked", .count, "Targets given up."),
        .required("unconfirmed", .count, "Tasks of this stop and of earlier ones that a worker may still run."),
        .required("finishing", .count, "Results from before the stop that are still being imported."),
    ]).named("Receipt")
}
