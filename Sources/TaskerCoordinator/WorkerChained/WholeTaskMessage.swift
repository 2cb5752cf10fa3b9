import AMQPMessages
import AddressSpace
import Celery
import Foundation
import Nmap
import ScanModel
import ScanStore
import UUIDText

/// The messages of one batch's whole tasks: each asks an existing worker for both phases of a target.
struct WholeTaskMessage: Sendable {
    /// The one positional argument of a task, as existing workers read it.
    struct Argument: Encodable {
        let ip: String
        let hostnames: [String]
        let project: TypedUUID
        let openPortsOptions: String
        let serviceOptions: String
        let timeout: Int
        let includeServices: Bool
        let mode: ImportMode
        let user: User
        let openPorts: String
        let trackHistory: Bool

        struct User: Encodable {
            let id: TypedUUID
            let username: String
        }

        private enum CodingKeys: String, CodingKey {
            case ip, hostnames, project, timeout, mode, user
            case openPortsOptions = "open_ports_opts"
            case serviceOptions = "service_opts"
            case includeServices = "include_services"
            case openPorts = "open_ports_str"
            case trackHistory = "track_history"
        }
    }

    /// A UUID as kombu's JSON has it, so that workers decode it to one.
    struct TypedUUID: Encodable {
        private let type = "uuid"
        private let value: [String: String]

        init(_ id: UUID) {
            value = ["hex": id.text.replacing("-", with: "")]
        }

        private enum CodingKeys: String, CodingKey {
            case type = "__type__"
            case value = "__value__"
        }
    }

    let batch: DispatchBatch
    let origin: String
    /// The most packets a second that one nmap process may be told to send.
    let maxRateCeiling: Int?

    func message(for task: TaskReference) throws -> AMQPMessage {
        let address = batch.plan.address(of: task.target)
        let argument = Argument(
            ip: "\(address)",
            hostnames: batch.plan.hostnames[address] ?? [],
            project: TypedUUID(batch.project.uuid),
            openPortsOptions: openPortsOptions(address.family),
            serviceOptions: serviceOptions(address.family),
            timeout: batch.request.timeout,
            includeServices: batch.request.includeServices,
            mode: batch.request.mode,
            user: Argument.User(id: TypedUUID(batch.entry.user), username: batch.entry.caller),
            openPorts: batch.request.openPorts.portWords,
            trackHistory: batch.request.trackHistory
        )
        return CeleryTask(
            id: task.taskID,
            name: CeleryNames.scanTask,
            argument: try CeleryTask.encode(argument),
            // Existing workers return nothing. What one returns all the same goes nowhere: no queue has this name.
            replyTo: batch.scan.description,
            origin: origin,
            traceparent: batch.traceparent
        ).message(exchange: CeleryNames.scans.name, routingKey: CeleryNames.scanRoutingKey)
    }

    private func openPortsOptions(_ family: AddressFamily) -> String {
        var options = batch.request.openPorts
        options.timing = options.timing.limited(toRate: maxRateCeiling)
        return NmapArguments.openPorts(options, family: family).joined(separator: " ")
    }

    /// Without ports: the worker adds those that it found open.
    private func serviceOptions(_ family: AddressFamily) -> String {
        var options = batch.request.services
        options.timing = options.timing.limited(toRate: maxRateCeiling)
        return NmapArguments.services(
            options,
            ports: PortSet(ports: []),
            transportProtocol: batch.request.openPorts.transportProtocol,
            family: family
        ).joined(separator: " ")
    }
}

extension DispatchBatch {
    /// What workers are to find in Redis of the batch's tasks; nil where the coordinator chains the phases.
    var wholeTaskAnnouncement: WholeTaskAnnouncement? {
        guard chaining == .worker else { return nil }
        return WholeTaskAnnouncement(user: entry.user, ports: request.openPorts.portWords, plan: plan)
    }
}

extension ScanEntry {
    /// Who asked for the scan, as an id: the same for the same caller.
    fileprivate var user: UUID { UUID(version5In: Self.users, name: caller) }

    /// The namespace of such ids; any would do that is used for nothing else.
    private static let users = UUID(
        uuid: (0x54, 0x61, 0x73, 0x6b, 0x65, 0x72, 0x40, 0x75, 0x80, 0x73, 0x65, 0x72, 0x73, 0x00, 0x00, 0x01)
    )
}

extension OpenPortsOptions {
    /// The ports as tasks and keys name them: `80 443 1000-2000`.
    fileprivate var portWords: String { ports.nmapList.replacing(",", with: " ") }
}
