import HTTPTypes
import Hummingbird
import Logging
import ScanStore
import Telemetry

/// `GET /tasks/{project_id}/events`: what happens in a project, as it happens.
struct EventRoute: Sendable {
    let store: any ScanKeeping
    let hub: EventHub
    let gatekeeper: Gatekeeper

    func register(in routes: RouteTable) {
        routes.onProject(.events) { request, context, access in
            let stream = try await EventStream(
                of: access,
                // What cannot be understood is an event that nobody knows.
                lastEventID: request.headers[.lastEventID].flatMap { StreamPosition($0) },
                hub: hub,
                store: store,
                objection: { await objection(to: request, context) }
            )
            let body = ResponseBody { writer in
                do {
                    try await stream.write(to: &writer)
                } catch {
                    context.logger.debug("Stream of events cut off", metadata: [LogKey.error: "\(error)"])
                    throw error
                }
            }
            return Response(status: .ok, headers: Self.headers, body: body)
        }
    }

    /// Proxies are told to pass on what comes when it comes.
    private static let headers: HTTPFields = [
        .contentType: EventText.contentType, .cacheControl: "no-store", .accelBuffering: "no",
    ]

    private func objection(to request: Request, _ context: APIContext) async -> EventStream.Ending? {
        do {
            _ = try await gatekeeper.project(of: request, context, leniency: .none)
            return nil
        } catch {
            return error.status == .serviceUnavailable ? .unavailable : .unauthorized
        }
    }
}

extension HTTPField.Name {
    fileprivate static let lastEventID = HTTPField.Name("Last-Event-ID")!
    /// Heeded by nginx and those who follow it.
    fileprivate static let accelBuffering = HTTPField.Name("X-Accel-Buffering")!
}

extension Operation {
    fileprivate static let events = Operation(
        id: "events",
        subject: .scans,
        methods: [.get],
        path: "/tasks/{project_id}/events",
        access: .project(.none),
        summary: "Progress, findings and changes of state as they happen, as server-sent events",
        description: """
            The stream goes on until the caller ends it, or its token does not open the project any more. It begins with a \
            `snapshot`, or behind the event that `Last-Event-ID` names; `scan`, `progress`, `found`, `phase` and \
            `worker_lost` follow, and `close` where Tasker ends it. The data of each is a JSON object.
            """,
        parameters: [
            Parameter(
                name: HTTPField.Name.lastEventID.rawName,
                place: .header,
                schema: .string().example("1795418321123-0"),
                description: "The last event that the caller had; one that is not known any more is as none."
            )
        ],
        answers: [Answer(status: .ok, description: "The stream.", contentType: EventText.contentType)]
    )
}
