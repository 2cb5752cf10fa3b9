/// What a subscription yields.
public enum RedisMessage: Hashable, Sendable {
    /// Every channel of the subscription is being listened to from here on, and messages may have been missed before:
    /// read again what they announce. Comes at the start, after each reconnect, and where a slow reader lost messages.
    case subscribed
    /// A message published on a channel.
    case message(channel: String, payload: [UInt8])
}
