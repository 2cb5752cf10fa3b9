/// Who listens to which channels, and what the server has confirmed.
///
/// A pure value: events go in, the command to send and the messages to hand out come out. Confirmations are counted,
/// because a channel may be left and joined again before the first `SUBSCRIBE` is answered.
struct SubscriptionTable {
    /// Stands for one subscription.
    typealias ID = Int

    /// What the caller must do.
    enum Action: Hashable {
        case none
        case subscribe([String])
        case unsubscribe([String])
        case deliver(RedisMessage, to: [ID])
        /// The server refuses a channel.
        case reject(RedisServerError)
    }

    private struct Subscriber {
        let channels: Set<String>
        var unconfirmed: Set<String>
    }

    private var subscribers: [ID: Subscriber] = [:]
    private var listeners: [String: Set<ID>] = [:]
    private var confirmationsDue: [String: Int] = [:]
    private var isConnected = false

    /// Adds a subscription.
    mutating func add(_ id: ID, channels: Set<String>) -> Action {
        let new = channels.filter { listeners[$0] == nil }
        for channel in channels {
            listeners[channel, default: []].insert(id)
        }
        guard isConnected else {
            subscribers[id] = Subscriber(channels: channels, unconfirmed: channels)
            return .none
        }
        for channel in new {
            confirmationsDue[channel, default: 0] += 1
        }
        let unconfirmed = channels.filter { confirmationsDue[$0] != nil }
        subscribers[id] = Subscriber(channels: channels, unconfirmed: unconfirmed)
        if unconfirmed.isEmpty {
            return .deliver(.subscribed, to: [id])
        }
        return new.isEmpty ? .none : .subscribe(new.sorted())
    }

    /// Removes a subscription.
    mutating func remove(_ id: ID) -> Action {
        guard let subscriber = subscribers.removeValue(forKey: id) else { return .none }
        var left: [String] = []
        for channel in subscriber.channels {
            listeners[channel]?.remove(id)
            if listeners[channel]?.isEmpty == true {
                listeners[channel] = nil
                left.append(channel)
            }
        }
        return isConnected && !left.isEmpty ? .unsubscribe(left.sorted()) : .none
    }

    /// A new connection is ready: nothing is subscribed on it yet.
    mutating func connected() -> Action {
        isConnected = true
        confirmationsDue = listeners.mapValues { _ in 1 }
        subscribers = subscribers.mapValues { Subscriber(channels: $0.channels, unconfirmed: $0.channels) }
        return listeners.isEmpty ? .none : .subscribe(listeners.keys.sorted())
    }

    /// The connection is gone.
    mutating func disconnected() {
        isConnected = false
        confirmationsDue = [:]
    }

    /// Takes what the server sent. Answers to `UNSUBSCRIBE` and `PING` lead to nothing.
    mutating func received(_ value: RedisValue) -> Action {
        if let error = value.error {
            return .reject(error)
        }
        guard let parts = value.array, parts.count == 3, let channel = parts[1].string else { return .none }
        switch parts[0].string {
        case "subscribe":
            return confirmed(channel)
        case "message":
            guard let payload = parts[2].bytes, let ids = listeners[channel] else { return .none }
            return .deliver(.message(channel: channel, payload: payload), to: ids.sorted())
        default:
            return .none
        }
    }

    private mutating func confirmed(_ channel: String) -> Action {
        guard let due = confirmationsDue[channel] else { return .none }
        guard due == 1 else {
            confirmationsDue[channel] = due - 1
            return .none
        }
        confirmationsDue[channel] = nil
        var completed: [ID] = []
        for id in listeners[channel] ?? [] {
            guard subscribers[id]?.unconfirmed.remove(channel) != nil else { continue }
            if subscribers[id]?.unconfirmed.isEmpty == true {
                completed.append(id)
            }
        }
        return completed.isEmpty ? .none : .deliver(.subscribed, to: completed.sorted())
    }
}
