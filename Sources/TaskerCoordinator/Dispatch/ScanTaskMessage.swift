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

    let batch: DispatchBatch
    let origin: String

    /// The message of a task.
    ///
    /// - Parameter openPorts: what the services phase is to probe; unused in the first phase.
    func message(for task: TaskReference, openPorts: PortSet?) throws -> AMQPMessage {
        let address = batch.plan.address(of: task.target)
        let argument = Argument(
            ip: "\(address)",
            arguments: arguments(of: task.phase, family: address.family, openPorts: openPorts),
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
            origin: origin
        ).message(exchange: CeleryNames.scans.name, routingKey: BrokerTopology.routingKey(of: task.phase))
    }

    private func arguments(of phase: Phase, family: AddressFamily, openPorts: PortSet?) -> [String] {
        switch phase {
        case .openPorts:
            NmapArguments.openPorts(batch.request.openPorts, family: family)
        case .services:
            NmapArguments.services(
                batch.request.services,
                ports: openPorts ?? PortSet(ports: []),
                transportProtocol: batch.request.openPorts.transportProtocol,
                family: family
            )
        }
    }
}
