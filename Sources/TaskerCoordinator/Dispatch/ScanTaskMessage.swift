import AMQPMessages
import AddressSpace
import Celery
import Foundation
import Nmap
import ScanModel

/// The messages of one batch's tasks. A worker gets what the phase needs and nothing else: no token, no hostnames.
struct ScanTaskMessage: Sendable {
    /// What tasks of a phase have in common, of the one positional argument that the reference worker reads.
    struct Common: Encodable {
        let arguments: [String]
        let timeout: Int
        let phase: Phase
        let scan: ScanID
        let project: ProjectID
    }

    /// A services task without ports would have nmap probe ports that nobody asked for.
    struct NoOpenPorts: Error, CustomStringConvertible {
        var description: String { "it names no open port" }
    }

    let batch: DispatchBatch
    let origin: String
    /// The most packets a second that one nmap process may be told to send.
    let maxRateCeiling: Int?
    /// JSON of what the first phase's tasks have in common.
    private var firstPhase: [AddressFamily: [UInt8]] = [:]

    init(batch: DispatchBatch, origin: String, maxRateCeiling: Int?) {
        self.batch = batch
        self.origin = origin
        self.maxRateCeiling = maxRateCeiling
    }

    /// The message of a task.
    ///
    /// - Parameter openPorts: what the services phase is to probe; unused in the first phase.
    mutating func message(for task: TaskReference, openPorts: PortSet?) throws -> AMQPMessage {
        let address = batch.plan.address(of: task.target)
        let common = try common(of: task.phase, family: address.family, openPorts: openPorts)
        // The members of both, in one object. An address has nothing that JSON escapes.
        var argument = Array(#"{"ip":"\#(address)","target":\#(task.target),"attempt":\#(task.attempt),"#.utf8)
        argument += common.dropFirst()
        return CeleryTask(
            id: task.taskID,
            name: BrokerTopology.taskName(of: task.phase),
            argument: argument,
            replyTo: BrokerTopology.resultQueue(of: batch.project),
            origin: origin,
            traceparent: batch.traceparent
        ).message(exchange: CeleryNames.scans.name, routingKey: BrokerTopology.routingKey(of: task.phase))
    }

    private mutating func common(of phase: Phase, family: AddressFamily, openPorts: PortSet?) throws -> [UInt8] {
        if phase == .openPorts, let known = firstPhase[family] { return known }
        let common = try CeleryTask.encode(
            Common(
                arguments: try arguments(of: phase, family: family, openPorts: openPorts),
                timeout: batch.request.timeout,
                phase: phase,
                scan: batch.scan,
                project: batch.project
            )
        )
        if phase == .openPorts { firstPhase[family] = common }
        return common
    }

    /// The arguments of nmap, but for those that the worker adds.
    func arguments(of phase: Phase, family: AddressFamily, openPorts: PortSet?) throws -> [String] {
        switch phase {
        case .openPorts:
            var options = batch.request.openPorts
            options.timing = options.timing.limited(toRate: maxRateCeiling)
            return NmapArguments.openPorts(options, family: family)
        case .services:
            guard let openPorts, !openPorts.isEmpty else { throw NoOpenPorts() }
            var options = batch.request.services
            options.timing = options.timing.limited(toRate: maxRateCeiling)
            return NmapArguments.services(
                options,
                ports: openPorts,
                transportProtocol: batch.request.openPorts.transportProtocol,
                family: family
            )
        }
    }
}
