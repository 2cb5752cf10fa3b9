import Nmap

extension TimingOptions {
    /// These options with no rate above a ceiling, in packets a second; one without a ceiling of its own gets it.
    func limited(toRate ceiling: Int?) -> TimingOptions {
        guard let ceiling else { return self }
        var options = self
        options.minRate = minRate.map { min($0, ceiling) }
        options.maxRate = min(maxRate ?? ceiling, ceiling)
        return options
    }
}
