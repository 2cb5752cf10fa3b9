public import PrometheusMetrics

/// A catalogue as a table of `docs/metrics.md`.
public enum MetricTable {
    /// The table.
    public static func markdown(_ catalogue: [MetricDefinition]) -> String {
        let rows = catalogue.map { metric in
            let labels = metric.labels.map { label in
                label.values.isEmpty ? "`\(label.name)`" : "`\(label.name)`: \(label.values.joined(separator: ", "))"
            }
            return "| `\(metric.name)` | \(kind(metric)) | \(labels.joined(separator: "; ")) | \(metric.help) |\n"
        }
        return "| metric | kind | labels | what it says |\n|---|---|---|---|\n" + rows.joined()
    }

    private static func kind(_ metric: MetricDefinition) -> String {
        switch metric.kind {
        case .counter: "counter"
        case .gauge: "gauge"
        case .timer: "histogram"
        }
    }
}
