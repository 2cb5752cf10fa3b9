/// The keys of log metadata, defined once, so that one thing has one name in every record.
public enum LogKey {
    /// A scan's id.
    public static let scan = "scan"
    /// A project's id.
    public static let project = "project"
    /// A target's place in its plan.
    public static let target = "target"
    /// A task's id.
    public static let task = "task"
    /// A phase of a scan.
    public static let phase = "phase"
    /// Who chains the phases of a scan.
    public static let chaining = "chaining"
    /// The number of an attempt at a task.
    public static let attempt = "attempt"
    /// The leader's fencing token.
    public static let epoch = "epoch"
    /// An installation's id.
    public static let installation = "installation"
    /// A worker's name.
    public static let worker = "worker"
    /// A queue's name.
    public static let queue = "queue"
    /// An exchange's name.
    public static let exchange = "exchange"
    /// The name of a process of Tasker.
    public static let replica = "replica"
    /// An error's description.
    public static let error = "error"
    /// An error's type.
    public static let errorType = "error_type"
    /// Why something is as it is, where that is no error.
    public static let reason = "reason"
    /// How many.
    public static let count = "count"
    /// How many targets of a plan were refused.
    public static let refused = "refused"
    /// How many revoked tasks nobody has confirmed yet.
    public static let unconfirmed = "unconfirmed"
    /// How many tasks come to their end in spite of a stop.
    public static let finishing = "finishing"
    /// How long.
    public static let duration = "duration"
    /// The state of a scan, a task or a connection.
    public static let state = "state"
    /// An entry of the stream of intents.
    public static let intent = "intent"
    /// An HTTP request's id.
    public static let request = "request"
    /// The trace that something is part of: the trace id of W3C's Trace Context.
    public static let trace = "trace_id"
    /// An HTTP request's method.
    public static let method = "method"
    /// An HTTP request's path.
    public static let path = "path"
    /// An HTTP answer's status.
    public static let status = "status"
    /// Who asks: a shortened keyed hash of the token, never the token.
    public static let caller = "caller"
    /// The address that a request comes from.
    public static let client = "client"
    /// A server's host and port.
    public static let address = "address"
    /// Names of settings.
    public static let settings = "settings"
    /// Names of the services that a process is connected to.
    public static let connections = "connections"
    /// A host's name.
    public static let name = "name"
}
