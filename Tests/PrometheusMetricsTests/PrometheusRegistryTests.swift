import CoreMetrics
import PrometheusMetrics
import Testing

@Suite("Metrics for Prometheus")
struct PrometheusRegistryTests {
    private func lines(_ registry: PrometheusRegistry) -> [String] {
        registry.text().split(separator: "\n").map(String.init)
    }

    @Test("counters, gauges and timers are written as Prometheus reads them, sorted, with their help")
    func text() {
        let registry = PrometheusRegistry([
            "http.requests": .init("Requests."), "wait": .init("How long\nit \\ took.", bounds: [0.5, 1]),
        ])
        let dimensions = [("http.route", "/a"), ("status", "200")]
        Counter(label: "http.requests", dimensions: dimensions, factory: registry).increment(by: 2)
        Counter(label: "http.requests", dimensions: dimensions, factory: registry).increment()
        Meter(label: "window", factory: registry).set(4.5)
        let timer = Timer(label: "wait", factory: registry)
        for milliseconds in [500, 501, 2_000] { timer.recordMilliseconds(milliseconds) }
        #expect(
            registry.text() == """
                # HELP http_requests_total Requests.
                # TYPE http_requests_total counter
                http_requests_total{http_route="/a",status="200"} 3
                # HELP wait_seconds How long\\nit \\\\ took.
                # TYPE wait_seconds histogram
                wait_seconds_bucket{le="0.5"} 1
                wait_seconds_bucket{le="1"} 2
                wait_seconds_bucket{le="+Inf"} 3
                wait_seconds_sum 3.001
                wait_seconds_count 3
                # TYPE window gauge
                window 4.5

                """
        )
    }

    @Test("labels are escaped, and names that Prometheus does not allow are changed")
    func escaping() {
        let registry = PrometheusRegistry()
        Meter(label: "2nd-queue.depth", dimensions: [("a-b", "x\"y\\z\r\n")], factory: registry).set(1)
        #expect(lines(registry).last == "_2nd_queue_depth{a_b=\"x\\\"y\\\\z\r\\n\"} 1")
    }

    @Test("a metric has a bounded number of series; more are counted, and not shown")
    func bounded() {
        let registry = PrometheusRegistry()
        for index in 0..<1_100 {
            Counter(label: "calls", dimensions: [("caller", "\(index)")], factory: registry).increment()
        }
        #expect(lines(registry).count == 1 + 1_000)
    }

    @Test("a name that is another kind of metric already is not shown twice")
    func kinds() {
        let registry = PrometheusRegistry()
        Meter(label: "jobs_total", factory: registry).set(7)
        Counter(label: "jobs", factory: registry).increment()
        #expect(lines(registry) == ["# TYPE jobs_total gauge", "jobs_total 7"])
    }

    @Test("what several tasks count at a time is counted once each")
    func concurrent() async {
        let registry = PrometheusRegistry()
        await withTaskGroup(of: Void.self) { group in
            for _ in 0..<8 {
                group.addTask {
                    for _ in 0..<1_000 { Counter(label: "n", factory: registry).increment() }
                }
            }
        }
        #expect(lines(registry).last == "n_total 8000")
    }
}
