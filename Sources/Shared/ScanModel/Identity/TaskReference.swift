import Crypto
public import Foundation

/// What one Celery message asks for: a phase of a target of a scan, for the n-th time.
///
/// The task's id is derived from these, so a leader that takes over can name every message of its predecessor.
public struct TaskReference: Hashable, Sendable {
    /// The scan it belongs to.
    public let scan: ScanID
    /// The target's place in the plan.
    public let target: Int
    /// The phase asked for.
    public let phase: Phase
    /// Counts from 1 within a phase and never restarts.
    public let attempt: Int

    /// Names one attempt at one phase of one target.
    public init(scan: ScanID, target: Int, phase: Phase, attempt: Int) {
        self.scan = scan
        self.target = target
        self.phase = phase
        self.attempt = attempt
    }

    /// The Celery task id: a UUIDv5 (RFC 9562, section 5.5) whose namespace is the scan.
    public var taskID: UUID {
        UUID(version5In: scan.uuid, name: "\(target):\(phase.rawValue):\(attempt)")
    }
}

extension UUID {
    /// A name-based UUID (RFC 9562, section 5.5).
    public init(version5In namespace: UUID, name: String) {
        var hash = Insecure.SHA1()
        withUnsafeBytes(of: namespace.uuid) { hash.update(bufferPointer: $0) }
        hash.update(data: Array(name.utf8))
        var bytes = Array(hash.finalize().prefix(16))
        bytes[6] = (bytes[6] & 0x0F) | 0x50
        bytes[8] = (bytes[8] & 0x3F) | 0x80
        self.init(bytes: bytes)
    }
}
