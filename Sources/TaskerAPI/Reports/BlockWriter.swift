import Compression
import Hummingbird
import NIOCore

/// Writes entries as lines of a response body, a block at a time, as fast as the caller takes them.
struct BlockWriter {
    /// How many bytes of lines make a block. Large enough that the cost of a write does not count, and small enough that a
    /// block is made, and compressed, in about a millisecond.
    static let blockSize = 64 << 10

    private var body: any ResponseBodyWriter
    private let gzip: GzipStream?
    private var block: [UInt8] = []

    /// A writer to a body.
    ///
    /// - Parameter gzip: compresses the lines; nil where they are sent as they are.
    init(_ body: any ResponseBodyWriter, gzip: GzipStream?) {
        self.body = body
        self.gzip = gzip
        block.reserveCapacity(Self.blockSize + 1_024)
    }

    /// Writes a line for each entry. What does not fill a block is kept for the next call.
    mutating func write(_ entries: some Sequence<ReportEntry>) async throws {
        var entries = entries.makeIterator()
        while fill(from: &entries) {
            try await flush()
            // A caller that is fast enough never suspends a write, and would keep the thread from all others.
            await Task.yield()
        }
    }

    /// Writes what is left, and ends the body.
    mutating func finish() async throws {
        try await flush(isLast: true)
        try await body.finish(nil)
    }

    /// Returns whether the block is full; if not, there are no more entries.
    private mutating func fill(from entries: inout some IteratorProtocol<ReportEntry>) -> Bool {
        while block.count < Self.blockSize {
            guard let entry = entries.next() else { return false }
            entry.append(to: &block)
            block.append(UInt8(ascii: "\n"))
        }
        return true
    }

    private mutating func flush(isLast: Bool = false) async throws {
        var bytes = block
        if let gzip {
            bytes = []
            gzip.compress(block, into: &bytes)
            if isLast { gzip.finish(into: &bytes) }
        }
        block.removeAll(keepingCapacity: true)
        if !bytes.isEmpty { try await body.write(ByteBuffer(bytes: bytes)) }
    }
}
