/// What a reference worker returns from a task, as far as it is read: nmap names the address itself.
struct WorkerReport: Decodable {
    /// nmap's report.
    let xml: String
}
