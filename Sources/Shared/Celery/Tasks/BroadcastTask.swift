public import AMQPMessages
public import Foundation
import UUIDText

/// A task that every Falcoria worker receives and carries out, and that none answers.
public enum BroadcastTask: Hashable, Sendable {
    /// Look up your external address and write it to Redis.
    case updateAddress
    /// End the nmap processes of those of these tasks that run on you.
    case cancel([UUID])

    /// The exchange the task goes to.
    public var exchange: CeleryNames.Exchange {
        switch self {
        case .updateAddress: CeleryNames.serviceBroadcast
        case .cancel: CeleryNames.cancelBroadcast
        }
    }

    /// The message that asks for this task. Not mandatory: with no worker there is nobody to be told.
    public func message(id: UUID = UUID(), origin: String) -> AMQPMessage {
        let task = CeleryTask(id: id, name: name, argument: argument, origin: origin, isResultIgnored: true)
        var message = task.message(exchange: exchange.name, routingKey: CeleryNames.broadcastRoutingKey)
        message.isMandatory = false
        return message
    }

    private var name: String {
        switch self {
        case .updateAddress: CeleryNames.updateAddressTask
        case .cancel: CeleryNames.cancelTask
        }
    }

    private var argument: [UInt8]? {
        switch self {
        case .updateAddress: nil
        case .cancel(let ids): Array(#"{"task_ids":\#(JSONText.list(ids.map(\.text)))}"#.utf8)
        }
    }
}
