import AMQPMessages
import AddressSpace
import Celery
import Foundation
import Nmap
import ScanModel

/// The messages of one batch's tasks. A worker gets what the phase needs and nothing else: no token, no hostnames.
struct ScanTaskMessage: Sendable {
    /// The one positional argument of a task, as the reference worker reads it.
    struct Argument: Encodable {
        let ip: String
        let arguments: [String]
        let timeout: Int
        let phase: Phase
        let scan: ScanID
        let project: ProjectID
        let target: Int
        let attempt: Int
    }

    /// A services task without ports would have nmap probe ports that nobody asked for.
    struct NoOpenPorts: Error, CustomStringConvertible {
        var description: String { "it names no open port" }
    }

    let batch: DispatchBatch
    let origin: String
    /// The most packets a second that one nmap process may be told to send.
    let maxRateCeiling: Int?

    /// The message of a task.
    ///
    /// - Parameter openPorts: what the services phase is to probe; unused in the first phase.
    func message(for task: TaskReference, openPorts: PortSet?) throws -> AMQPMessage {
        let address = batch.plan.address(of: task.target)
        let argument = Argument(
            ip: "\(address)",
            arguments: try arguments(of: task.phase, family: address.family, openPorts: openPorts),
            timeout: batch.request.timeout,
            phase: task.phase,
            scan: task.scan,
            project: batch.project,
            target: task.target,
            attempt: task.attempt
        )
        return CeleryTask(
            id: task.taskID,
            name: BrokerTopology.taskName(of: task.phase),
            argument: try CeleryTask.encode(argument),
            replyTo: BrokerTopology.resultQueue(of: batch.project),
            origin: origin,
            traceparent: batch.traceparent
        ).message(exchange: CeleryNames.scans.name, routingKey: BrokerTopology.routingKey(of: task.phase))
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
