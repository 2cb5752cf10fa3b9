import ScanModel

/// What a reference worker returns from a task.
struct WorkerReport: Decodable {
    /// nmap's report.
    let xml: String
    /// The address it scanned.
    let ip: String
}
