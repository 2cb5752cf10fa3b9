import NIOCore
import ScanStore

/// Events of a project that were read together, as bytes that all streams write: none makes them anew.
struct EventBatch: Sendable {
    private let bytes: ByteBuffer
    /// The place of each event, and where its bytes end.
    private let ends: [(id: StreamPosition, offset: Int)]

    /// - Parameter events: in order, and not none.
    init(_ events: [ProjectEvent]) {
        precondition(!events.isEmpty, "a batch has events")
        var bytes = ByteBuffer()
        ends = events.map { event in
            bytes.writeString(EventText.event(event.kind, event.data, id: event.id))
            return (event.id, bytes.writerIndex)
        }
        self.bytes = bytes
    }

    /// The place of the last event.
    var last: StreamPosition { ends[ends.count - 1].id }

    /// The events behind a place; nil where there are none.
    func bytes(after position: StreamPosition) -> ByteBuffer? {
        guard let first = ends.firstIndex(where: { $0.id > position }) else { return nil }
        let start = first == 0 ? 0 : ends[first - 1].offset
        return bytes.getSlice(at: start, length: bytes.writerIndex - start)
    }
}
