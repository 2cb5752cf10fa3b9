import AMQPMessages
import CRabbitMQ

extension BrokerLink {
    /// Opens the TCP or TLS connection.
    func connect(_ configuration: AMQPConfiguration) throws(AMQPError) {
        let socket: OpaquePointer
        if let tls = configuration.tls {
            socket = try makeTLSSocket(tls, host: configuration.host)
        } else {
            guard let plain = amqp_tcp_socket_new(state) else {
                throw AMQPError(code: .unavailable, message: "out of memory")
            }
            socket = plain
        }
        let status = crabbitmq_open(
            socket,
            configuration.host,
            Int32(configuration.port),
            configuration.connectTimeout.wholeMilliseconds
        )
        switch amqp_status_enum(status) {
        case AMQP_STATUS_OK:
            break
        case AMQP_STATUS_SSL_PEER_VERIFY_FAILED:
            throw AMQPError(
                code: .untrustedPeer,
                message: "\(configuration.host)'s certificate is not trusted, has expired or is for another address"
            )
        case AMQP_STATUS_SSL_HOSTNAME_VERIFY_FAILED:
            throw AMQPError(code: .untrustedPeer, message: "the certificate is not for \(configuration.host)")
        default:
            throw AMQPError(code: .unavailable, message: Self.message(status))
        }
    }

    private func makeTLSSocket(_ tls: AMQPTLS, host: String) throws(AMQPError) -> OpaquePointer {
        guard let socket = amqp_ssl_socket_new(state) else {
            throw AMQPError(code: .unavailable, message: "no TLS context")
        }
        guard crabbitmq_verify_peer(socket, host, tls.caFile) == AMQP_STATUS_OK.rawValue else {
            throw AMQPError(
                code: .untrustedPeer,
                message: "no certificates to trust in \(tls.caFile ?? "the system's store")"
            )
        }
        return socket
    }

    /// Authenticates and opens the virtual host.
    func logIn(_ configuration: AMQPConfiguration, name: String) throws(AMQPError) {
        try check(crabbitmq_set_timeout(state, configuration.connectTimeout.wholeMilliseconds))
        var properties = encoder.encode([
            "connection_name": .string(name),
            "capabilities": [
                "publisher_confirms": true,
                "basic.nack": true,
                "consumer_cancel_notify": true,
                "connection.blocked": true,
            ],
        ])
        defer { encoder.recycle() }
        let reply = crabbitmq_login(
            state,
            configuration.vhost,
            AMQP_DEFAULT_MAX_CHANNELS,
            AMQP_DEFAULT_FRAME_SIZE,
            Int32(configuration.heartbeatSeconds),
            &properties,
            configuration.user,
            configuration.password
        )
        switch reply.reply_type {
        case AMQP_RESPONSE_NORMAL:
            break
        case AMQP_RESPONSE_SERVER_EXCEPTION where reply.reply.id == AMQP_CONNECTION_CLOSE_METHOD:
            let close = reply.reply.decoded.assumingMemoryBound(to: amqp_connection_close_t.self).pointee
            throw AMQPError(
                code: .loginRefused(replyCode: close.reply_code),
                message: FieldDecoder.text(close.reply_text)
            )
        default:
            throw AMQPError(code: .unavailable, message: "login: \(Self.message(reply.library_error))")
        }
    }
}
