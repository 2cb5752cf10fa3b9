/// What a worker host does, by its own word.
public struct WorkerActivity: Hashable, Sendable, Codable {
    /// Whose scan tasks it takes, by who chains the phases; empty where it takes none.
    public var takes: [PhaseChaining]
    /// Tasks it runs at once; nil until it was asked.
    public var slots: Int?
    /// Tasks it is busy with.
    public var active: Int
    /// Tasks it finished since its start.
    public var processed: Int
    /// Load averages of the machine, over 1, 5 and 15 minutes.
    public var load: [Double]
    /// The software's name and version.
    public var software: String

    /// An activity of the given parts.
    public init(
        takes: [PhaseChaining],
        slots: Int?,
        active: Int,
        processed: Int,
        load: [Double],
        software: String
    ) {
        self.takes = takes
        self.slots = slots
        self.active = active
        self.processed = processed
        self.load = load
        self.software = software
    }
}
