public import PrometheusMetrics

/// What Prometheus' naming rules, and Tasker's own, say against a catalogue.
public enum MetricLint {
    /// Labels whose values are not listed, and are few all the same.
    private static let open: Set = ["route", "method", "status"]
    private static let nameless: Set = ["project", "scan", "target", "token", "caller", "address", "worker", "path"]

    /// One line for each fault.
    public static func faults(of catalogue: [MetricDefinition]) -> [String] {
        let names = catalogue.map(\.name)
        var faults = Set(names.filter { name in names.count { $0 == name } > 1 }).map { "\($0) is there twice" }
        for metric in catalogue {
            faults += self.faults(of: metric).map { "\(metric.name) \($0)" }
        }
        return faults
    }

    private static func faults(of metric: MetricDefinition) -> [String] {
        var faults: [String] = []
        if metric.name.wholeMatch(of: /tasker(_[a-z0-9]+)+/) == nil { faults.append("is not a name of Tasker's") }
        if metric.label.contains(/_(total|count|sum|bucket|info|milliseconds|ms|kilobytes|mb)$/),
            metric.label != "tasker_build_info"
        {
            faults.append("ends with what its kind or its unit is not")
        }
        if metric.kind != .gauge, metric.label.hasSuffix("_seconds") { faults.append("would say seconds twice") }
        if !metric.help.hasSuffix(".") { faults.append("has no sentence to explain it") }
        for label in metric.labels {
            if label.name.wholeMatch(of: /[a-z]+(_[a-z]+)*/) == nil { faults.append("has a label \(label.name)") }
            if nameless.contains(label.name) { faults.append("is divided by \(label.name), of which there are many") }
            if label.values.isEmpty, !open.contains(label.name) {
                faults.append("has a label \(label.name) without end")
            }
        }
        return faults
    }
}
