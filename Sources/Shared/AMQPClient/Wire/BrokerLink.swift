import AMQPMessages
import CRabbitMQ
import Glibc

/// One connection to the broker: the sole owner of a C connection state, freed in `deinit`.
///
/// Belongs to one thread. `send`, `publish` and `receive` do not wait for the broker, except that a write waits while
/// the socket's buffer is full (see ``isWritable``). Every error thrown means that the connection is no longer usable.
final class BrokerLink {
    let state: amqp_connection_state_t
    let encoder = FieldEncoder()

    /// Connects and logs in; waits for both, each for up to the configured time.
    init(configuration: AMQPConfiguration, name: String) throws(AMQPError) {
        guard let state = amqp_new_connection() else {
            throw AMQPError(code: .unavailable, message: "out of memory")
        }
        self.state = state
        try connect(configuration)
        try logIn(configuration, name: name)
    }

    deinit {
        amqp_destroy_connection(state)
    }

    /// The socket, to be polled.
    var fileDescriptor: Int32 { amqp_get_sockfd(state) }

    /// The largest frame agreed upon with the broker, in bytes.
    var frameSize: Int { Int(amqp_get_frame_max(state)) }

    /// The highest channel number agreed upon with the broker.
    var channelMaximum: UInt16 { UInt16(clamping: amqp_get_channel_max(state)) }

    /// Whether the socket takes a message now. One of ordinary size then does not wait.
    var isWritable: Bool {
        var descriptor = pollfd(fd: fileDescriptor, events: Int16(POLLOUT), revents: 0)
        return poll(&descriptor, 1, 0) > 0
    }

    /// Whether frames have arrived that polling the socket does not show, because the library has read them already.
    ///
    /// A call that writes may read too, and queue what it finds. There is no third place: OpenSSL hands over whole
    /// records, which are smaller than the library's buffer, and does not read ahead of them.
    var hasBufferedFrames: Bool {
        amqp_frames_enqueued(state) != 0 || amqp_data_in_buffer(state) != 0
    }

    /// Says goodbye and waits shortly for the broker's answer.
    func close() {
        crabbitmq_set_timeout(state, 1_000)
        amqp_connection_close(state, AMQP_REPLY_SUCCESS)
    }

    /// Throws ``AMQPError/Code/connectionLost`` unless a library call succeeded.
    func check(_ status: Int32) throws(AMQPError) {
        guard status == AMQP_STATUS_OK.rawValue else {
            throw AMQPError(code: .connectionLost, message: Self.message(status))
        }
    }

    static func message(_ status: Int32) -> String {
        String(cString: amqp_error_string2(status))
    }
}
