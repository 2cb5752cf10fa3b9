import Foundation
import HTTPTypes
import HummingbirdCore
import MetricChecks
import PrometheusMetrics
import Testing

@testable import TaskerAPI

@Suite("The metrics of a replica")
struct MetricsTests {
    @Test("their names keep Prometheus' rules, and no label has values without end")
    func lint() {
        #expect(MetricLint.faults(of: APIMetrics.all) == [])
    }

    @Test("they are described in docs/metrics.md as the catalogue has them")
    func reference() throws {
        let root = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "../..")
        let page = try String(contentsOf: root.appending(path: "docs/metrics.md"), encoding: .utf8)
        #expect(page.contains(MetricTable.markdown(APIMetrics.all)))
    }

    @Test("they are shown without a token, in Prometheus' format")
    func route() async throws {
        let response = try await APIFixture().respond(.get, "/metrics", token: nil)
        #expect(response.status == .ok && response.headers[.contentType] == PrometheusRegistry.contentType)
        let text = String(decoding: try await APIFixture.blocks(of: response).joined(), as: UTF8.self)
        #expect(text.contains("# TYPE tasker_submissions_total counter\n"))
        #expect(text.contains("tasker_submissions_total{result=\"accepted\"} 0\n"))
    }
}
