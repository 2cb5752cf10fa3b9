internal import CHiredis

/// Writes commands as RESP with hiredis's formatter.
enum RESPFormatter {
    /// The server refuses longer strings by default (`proto-max-bulk-len`), and hiredis counts in 32 bits.
    static let maximumByteCount = 512 * 1_024 * 1_024

    /// Appends a command as it goes over the wire.
    static func append(_ command: RedisCommand, to output: inout [UInt8]) throws(RedisError) {
        let arguments = command.arguments
        let byteCount = arguments.reduce(0) { $0 + $1.byteCount }
        guard !arguments.isEmpty, byteCount <= maximumByteCount else {
            let message = arguments.isEmpty ? "an empty command" : "a command of \(byteCount) bytes is too large"
            throw RedisError(code: .invalidCommand, message: message)
        }
        // One byte more, so that there is an address to point at where every argument is empty.
        let isFormatted = withUnsafeTemporaryAllocation(of: CChar.self, capacity: byteCount + 1) { text in
            withUnsafeTemporaryAllocation(of: UnsafePointer<CChar>?.self, capacity: arguments.count) { starts in
                withUnsafeTemporaryAllocation(of: Int.self, capacity: arguments.count) { lengths in
                    lay(arguments, in: text, starts: starts, lengths: lengths)
                    return format(starts, lengths, appendingTo: &output)
                }
            }
        }
        guard isFormatted else {
            throw RedisError(code: .invalidCommand, message: "out of memory for a command of \(byteCount) bytes")
        }
    }

    /// Puts the arguments one after another, since hiredis takes pointers to all of them at once.
    private static func lay(
        _ arguments: [RedisArgument],
        in text: UnsafeMutableBufferPointer<CChar>,
        starts: UnsafeMutableBufferPointer<UnsafePointer<CChar>?>,
        lengths: UnsafeMutableBufferPointer<Int>
    ) {
        let bytes = UnsafeMutableRawBufferPointer(text)
        var offset = 0
        for (index, argument) in arguments.enumerated() {
            let rest = UnsafeMutableRawBufferPointer(rebasing: bytes[offset...])
            switch argument {
            case .string(let string): rest.copyBytes(from: string.utf8)
            case .bytes(let bytes): rest.copyBytes(from: bytes)
            }
            starts.initializeElement(at: index, to: text.baseAddress.map { UnsafePointer($0 + offset) })
            lengths.initializeElement(at: index, to: argument.byteCount)
            offset += argument.byteCount
        }
    }

    private static func format(
        _ starts: UnsafeMutableBufferPointer<UnsafePointer<CChar>?>,
        _ lengths: UnsafeMutableBufferPointer<Int>,
        appendingTo output: inout [UInt8]
    ) -> Bool {
        var formatted: UnsafeMutablePointer<CChar>?
        let count = redisFormatCommandArgv(&formatted, CInt(starts.count), starts.baseAddress, lengths.baseAddress)
        guard count >= 0, let formatted else { return false }
        defer { redisFreeCommand(formatted) }
        output.append(contentsOf: UnsafeRawBufferPointer(start: formatted, count: Int(count)))
        return true
    }
}
