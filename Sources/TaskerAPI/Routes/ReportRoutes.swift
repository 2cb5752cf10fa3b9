import Compression
import HTTPTypes
import Hummingbird
import Logging
import NIOCore
import ScanStore
import Telemetry

/// Every target and refusal of a scan: `report` as a file of JSON lines, `targets` page by page.
struct ReportRoutes: Sendable {
    let store: any ScanKeeping

    func register(in routes: RouteTable) {
        routes.onProject("scans/{scan_id}/report", [.get]) { request, context, access in
            let layout = try await store.reportLayout(of: try context.scanID(), in: access.project)
            return report(layout, request, context.logger)
        }
        routes.onProject("scans/{scan_id}/targets", [.get]) { request, context, access in
            let id = try context.scanID()
            let query = try TargetQuery(request)
            let layout = try await store.reportLayout(of: id, in: access.project)
            let page = try await TargetPage.read(query, of: layout, from: store)
            return Response(
                status: .ok,
                headers: [.contentType: "application/json"],
                body: ResponseBody(byteBuffer: ByteBuffer(bytes: page.json))
            )
        }
    }

    private func report(_ layout: ReportLayout, _ request: Request, _ logger: Logger) -> Response {
        let id = layout.report.id
        let isCompressed = AcceptedEncodings(request.headers).includesGzip
        var headers: HTTPFields = [
            .contentType: "application/x-ndjson",
            .contentDisposition: #"attachment; filename="scan-\#(id).jsonl""#,
            .vary: "Accept-Encoding",
        ]
        if isCompressed { headers[.contentEncoding] = "gzip" }
        let stream = ReportStream(layout: layout, store: store)
        let body = ResponseBody { writer in
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
