import AMQPMessages
import CRabbitMQ

extension BrokerLink {
    /// The next frame that has arrived and the channel it is for, or `nil` when there is none now.
    ///
    /// Also sends a heartbeat when one is due, and throws when the broker's have been missing; it must therefore be
    /// called a few times per heartbeat interval, even when nothing is expected.
    func receive() throws(AMQPError) -> (channel: UInt16, frame: InboundFrame)? {
        while true {
            var frame = amqp_frame_t()
            let status = crabbitmq_next_frame(state, &frame)
            if status == AMQP_STATUS_TIMEOUT.rawValue { return nil }
            try check(status)
            let decoded = try decode(frame)
            amqp_maybe_release_buffers_on_channel(state, frame.channel)
            if let decoded { return (frame.channel, decoded) }
        }
    }

    private func decode(_ frame: amqp_frame_t) throws(AMQPError) -> InboundFrame? {
        switch Int32(frame.frame_type) {
        case AMQP_FRAME_METHOD:
            return try decode(frame.payload.method)
        case AMQP_FRAME_HEADER:
            let header = frame.payload.properties
            let properties = header.decoded.assumingMemoryBound(to: amqp_basic_properties_t.self).pointee
            return .contentHeader(bodySize: header.body_size, FieldDecoder.properties(properties))
        case AMQP_FRAME_BODY:
            return .contentBody(FieldDecoder.bytes(frame.payload.body_fragment))
        default:
            return nil
        }
    }

    private func decode(_ method: amqp_method_t) throws(AMQPError) -> InboundFrame {
        func fields<Fields>(_ type: Fields.Type) -> Fields {
            method.decoded.assumingMemoryBound(to: type).pointee
        }
        switch method.id {
        case AMQP_BASIC_ACK_METHOD:
            let ack = fields(amqp_basic_ack_t.self)
            return .method(.acknowledged(tag: ack.delivery_tag, multiple: ack.multiple != 0))
        case AMQP_BASIC_NACK_METHOD:
            let nack = fields(amqp_basic_nack_t.self)
            return .method(.refused(tag: nack.delivery_tag, multiple: nack.multiple != 0))
        case AMQP_BASIC_DELIVER_METHOD:
            let deliver = fields(amqp_basic_deliver_t.self)
            return .contentMethod(
                .delivered(
                    .init(
                        tag: deliver.delivery_tag,
                        isRedelivered: deliver.redelivered != 0,
                        exchange: FieldDecoder.text(deliver.exchange),
                        routingKey: FieldDecoder.text(deliver.routing_key)
                    )
                )
            )
        case AMQP_BASIC_GET_OK_METHOD:
            let got = fields(amqp_basic_get_ok_t.self)
            return .contentMethod(
                .got(
                    .init(
                        tag: got.delivery_tag,
                        isRedelivered: got.redelivered != 0,
                        exchange: FieldDecoder.text(got.exchange),
                        routingKey: FieldDecoder.text(got.routing_key)
                    )
                )
            )
        case AMQP_BASIC_RETURN_METHOD:
            let returned = fields(amqp_basic_return_t.self)
            return .contentMethod(
                .returned(
                    code: returned.reply_code,
                    text: FieldDecoder.text(returned.reply_text),
                    exchange: FieldDecoder.text(returned.exchange),
                    routingKey: FieldDecoder.text(returned.routing_key)
                )
            )
        case AMQP_QUEUE_DECLARE_OK_METHOD:
            let queue = fields(amqp_queue_declare_ok_t.self)
            return .method(
                .queueDeclared(messages: Int(queue.message_count), consumers: Int(queue.consumer_count))
            )
        case AMQP_QUEUE_DELETE_OK_METHOD:
            return .method(.messagesRemoved(Int(fields(amqp_queue_delete_ok_t.self).message_count)))
        case AMQP_QUEUE_PURGE_OK_METHOD:
            return .method(.messagesRemoved(Int(fields(amqp_queue_purge_ok_t.self).message_count)))
        case AMQP_CHANNEL_CLOSE_METHOD:
            let close = fields(amqp_channel_close_t.self)
            return .method(.channelClosed(replyCode: close.reply_code, text: FieldDecoder.text(close.reply_text)))
        case AMQP_CONNECTION_CLOSE_METHOD:
            let close = fields(amqp_connection_close_t.self)
            return .method(.connectionClosed(replyCode: close.reply_code, text: FieldDecoder.text(close.reply_text)))
        case AMQP_CONNECTION_BLOCKED_METHOD:
            return .method(.blocked(reason: FieldDecoder.text(fields(amqp_connection_blocked_t.self).reason)))
        default:
            return .method(try simpleMethod(method.id))
        }
    }

    /// A method whose fields, if any, are of no interest.
    private func simpleMethod(_ id: amqp_method_number_t) throws(AMQPError) -> InboundMethod {
        switch id {
        case AMQP_CHANNEL_OPEN_OK_METHOD: return .channelOpened
        case AMQP_CHANNEL_CLOSE_OK_METHOD: return .channelCloseConfirmed
        case AMQP_CONNECTION_UNBLOCKED_METHOD: return .unblocked
        case AMQP_CONFIRM_SELECT_OK_METHOD: return .confirmsSelected
        case AMQP_EXCHANGE_DECLARE_OK_METHOD, AMQP_QUEUE_BIND_OK_METHOD, AMQP_BASIC_QOS_OK_METHOD: return .done
        case AMQP_BASIC_CONSUME_OK_METHOD: return .consuming
        case AMQP_BASIC_CANCEL_OK_METHOD: return .cancelConfirmed
        case AMQP_BASIC_CANCEL_METHOD: return .cancelled
        case AMQP_BASIC_GET_EMPTY_METHOD: return .nothingToGet
        default:
            throw AMQPError(code: .protocolViolation, message: "unexpected method \(id)")
        }
    }
}
