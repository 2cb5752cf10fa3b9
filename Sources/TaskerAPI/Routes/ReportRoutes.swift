import Compression
import HTTPTypes
import Hummingbird
import Logging
import NIOCore
import ScanStore
import Telemetry

/// Every target and refusal of a scan: `report` as a file of JSON lines, `targets` page by page.
struct ReportRoutes: Sendable {
    static let contentType = "application/x-ndjson"

    let store: any ScanKeeping
    let library: ReportLibrary
    let admission: ReportAdmission

    func register(in routes: RouteTable) {
        routes.onProject(.report) { request, context, access in
            let permit = try admission.admit(access.caller)
            let (layout, moment) = try await library.open(try context.scanID(), in: access.project)
            let remarks = try await store.remarks(of: layout.report.id)
            let stream = ReportStream(layout: layout, moment: moment, remarks: remarks, store: store)
            return report(stream, permit, request, context.logger)
        }
        routes.onProject(.targets) { request, context, access in
            let id = try context.scanID()
            let query = try TargetQuery(request)
            let (layout, moment) = try await library.open(id, in: access.project)
            let page = try await TargetPage.read(query, of: layout, at: moment, from: store)
            return Response(
                status: .ok,
                headers: [.contentType: "application/json"],
                body: ResponseBody(byteBuffer: ByteBuffer(bytes: page.json))
            )
        }
    }

    private func report(
        _ stream: ReportStream,
        _ permit: ReportAdmission.Permit,
        _ request: Request,
        _ logger: Logger
    ) -> Response {
        let id = stream.layout.report.id
        let isCompressed = AcceptedEncodings(request.headers).includesGzip
        var headers: HTTPFields = [
            .contentType: Self.contentType,
            .contentDisposition: #"attachment; filename="scan-\#(id).jsonl""#,
            .vary: "Accept-Encoding",
        ]
        if isCompressed { headers[.contentEncoding] = "gzip" }
        let body = ResponseBody { writer in
            // The report is under way until here, and where it is never written, until the answer is dropped.
            defer { withExtendedLifetime(permit) {} }
            var output = BlockWriter(writer, gzip: isCompressed ? GzipStream() : nil)
            do {
                try await stream.write(to: &output)
            } catch {
                logger.notice("Report cut off", metadata: [LogKey.scan: "\(id)", LogKey.error: "\(error)"])
                throw error
            }
        }
        return Response(status: .ok, headers: headers, body: body)
    }
}

extension Operation {
    private static let noPlan = Answer.refused(.conflict, "The scan has no plan, or none yet.")

    fileprivate static let report = Operation(
        id: "report",
        subject: .results,
        methods: [.get],
        path: "/tasks/{project_id}/scans/{scan_id}/report",
        access: .project(.none),
        summary: "Every target and refusal of a scan, as a file of JSON lines",
        description: "Each line is a `Target`; gzip where `Accept-Encoding` has it.",
        answers: [
            Answer(status: .ok, description: "The report.", contentType: ReportRoutes.contentType), noPlan,
        ]
    )

    fileprivate static let targets = Operation(
        id: "targets",
        subject: .results,
        methods: [.get],
        path: "/tasks/{project_id}/scans/{scan_id}/targets",
        access: .project(.none),
        summary: "Targets and refusals of a scan in pages, by outcome",
        description: "A page may have fewer entries than `limit`, or none, although `next` says that there are more.",
        parameters: TargetQuery.parameters,
        answers: [.ok(TargetPage.schema, "A page."), noPlan]
    )
}
