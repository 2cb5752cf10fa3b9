/// The names and kinds of everything on the broker that Celery workers and Tasker have in common.
///
/// Two parties that declare one exchange differently break each other's channel, so each is described here, once, as
/// kombu and the Falcoria workers declare it.
public enum CeleryNames {
    /// An exchange as it has to be declared.
    public struct Exchange: Hashable, Sendable {
        /// How an exchange picks the queues for a message.
        public enum Kind: String, Hashable, Sendable {
            /// By equal routing key.
            case direct
            /// Every bound queue.
            case fanout
            /// By routing key pattern.
            case topic
        }

        /// The exchange's name.
        public let name: String
        /// How it routes.
        public let kind: Kind
        /// Whether it survives a restart of the broker.
        public let isDurable: Bool
    }

    /// Remote control commands, to every worker.
    public static let control = Exchange(name: "celery.pidbox", kind: .fanout, isDurable: false)
    /// A node's queue for remote control commands, which ends with the node's connection.
    public static func mailbox(of node: String) -> String { "\(node).\(control.name)" }
    /// Answers to remote control commands; the routing key is the asker's own.
    public static let controlReplies = Exchange(name: "reply.celery.pidbox", kind: .direct, isDurable: false)
    /// Events of workers and tasks, with routing keys such as `worker.heartbeat` and `task.multi`.
    public static let events = Exchange(name: "celeryev", kind: .topic, isDurable: true)
    /// Tasks for one worker to take: scans.
    public static let scans = Exchange(name: "nmap_exchange", kind: .topic, isDurable: true)
    /// Service tasks that every Falcoria worker carries out.
    public static let serviceBroadcast = Exchange(name: "worker_service_broadcast", kind: .fanout, isDurable: true)
    /// Cancellations that every Falcoria worker looks at.
    public static let cancelBroadcast = Exchange(name: "nmap_cancel_queue", kind: .fanout, isDurable: true)

    /// The name that workers ask coordinators by, as a `destination`. No worker has it.
    public static let coordinator = "tasker.coordinator"

    /// The queue that Falcoria workers take whole scans from, bound to ``scans``.
    public static let scanQueue = "nmap_scan_queue"
    /// The routing key of ``scanQueue``.
    public static let scanRoutingKey = "nmap.scan"
    /// The task that scans one target with both phases in the worker.
    public static let scanTask = "project.nmap.scan"
    /// The task that cancels running scans.
    public static let cancelTask = "project.nmap.cancel"
    /// The task that makes a worker look up its external address and write it to Redis.
    public static let updateAddressTask = "worker.update_ip"
    /// The routing key of a broadcast, which a fanout exchange ignores.
    static let broadcastRoutingKey = "celery"
}
