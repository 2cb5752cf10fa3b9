import AMQPMessages
import CRabbitMQ

extension BrokerLink {
    /// Sends a message on a channel. Its size must have been checked with ``WireLimits``.
    func publish(_ message: AMQPMessage, on channel: UInt16) throws(AMQPError) {
        var properties = encoder.encode(message.properties)
        let exchange = encoder.encode(message.exchange)
        let routingKey = encoder.encode(message.routingKey)
        let status = message.body.withUnsafeBytes { body in
            amqp_basic_publish(
                state,
                channel,
                exchange,
                routingKey,
                message.isMandatory ? 1 : 0,
                0,
                &properties,
                amqp_bytes_t(len: body.count, bytes: UnsafeMutableRawPointer(mutating: body.baseAddress))
            )
        }
        try check(status)
    }

    /// Sends a method on a channel.
    func send(_ method: OutboundMethod, on channel: UInt16) throws(AMQPError) {
        defer { encoder.recycle() }
        switch method {
        case .openChannel:
            try send(AMQP_CHANNEL_OPEN_METHOD, amqp_channel_open_t(), on: channel)
        case .closeChannel:
            var close = amqp_channel_close_t()
            close.reply_code = UInt16(AMQP_REPLY_SUCCESS)
            try send(AMQP_CHANNEL_CLOSE_METHOD, close, on: channel)
        case .confirmChannelClosed:
            try send(AMQP_CHANNEL_CLOSE_OK_METHOD, amqp_channel_close_ok_t(), on: channel)
        case .confirmConnectionClosed:
            try send(AMQP_CONNECTION_CLOSE_OK_METHOD, amqp_connection_close_ok_t(), on: channel)
        case .selectConfirms:
            try send(AMQP_CONFIRM_SELECT_METHOD, amqp_confirm_select_t(), on: channel)
        case .declareExchange(let exchange):
            var declare = amqp_exchange_declare_t()
            declare.exchange = encoder.encode(exchange.name)
            declare.type = encoder.encode(exchange.kind.rawValue)
            declare.durable = exchange.isDurable ? 1 : 0
            declare.auto_delete = exchange.isAutoDelete ? 1 : 0
            declare.arguments = encoder.encode(exchange.arguments)
            try send(AMQP_EXCHANGE_DECLARE_METHOD, declare, on: channel)
        case .bind(let binding):
            var bind = amqp_queue_bind_t()
            bind.queue = encoder.encode(binding.queue)
            bind.exchange = encoder.encode(binding.exchange)
            bind.routing_key = encoder.encode(binding.routingKey)
            bind.arguments = encoder.encode(binding.arguments)
            try send(AMQP_QUEUE_BIND_METHOD, bind, on: channel)
        case .declareQueue, .inspectQueue, .deleteQueue, .purgeQueue:
            try sendQueueMethod(method, on: channel)
        case .setPrefetch, .consume, .cancel, .get, .acknowledge, .reject:
            try sendDeliveryMethod(method, on: channel)
        }
    }

    private func sendQueueMethod(_ method: OutboundMethod, on channel: UInt16) throws(AMQPError) {
        switch method {
        case .declareQueue(let queue):
            var declare = amqp_queue_declare_t()
            declare.queue = encoder.encode(queue.name)
            declare.durable = queue.isDurable ? 1 : 0
            declare.exclusive = queue.isExclusive ? 1 : 0
            declare.auto_delete = queue.isAutoDelete ? 1 : 0
            declare.arguments = encoder.encode(queue.arguments)
            try send(AMQP_QUEUE_DECLARE_METHOD, declare, on: channel)
        case .inspectQueue(let name):
            var declare = amqp_queue_declare_t()
            declare.queue = encoder.encode(name)
            declare.passive = 1
            try send(AMQP_QUEUE_DECLARE_METHOD, declare, on: channel)
        case .deleteQueue(let name):
            var delete = amqp_queue_delete_t()
            delete.queue = encoder.encode(name)
            try send(AMQP_QUEUE_DELETE_METHOD, delete, on: channel)
        case .purgeQueue(let name):
            var purge = amqp_queue_purge_t()
            purge.queue = encoder.encode(name)
            try send(AMQP_QUEUE_PURGE_METHOD, purge, on: channel)
        default:
            preconditionFailure("not a method of a queue: \(method)")
        }
    }

    private func sendDeliveryMethod(_ method: OutboundMethod, on channel: UInt16) throws(AMQPError) {
        switch method {
        case .setPrefetch(let count):
            var prefetch = amqp_basic_qos_t()
            prefetch.prefetch_count = count
            try send(AMQP_BASIC_QOS_METHOD, prefetch, on: channel)
        case .consume(let queue, let consumerTag):
            var consume = amqp_basic_consume_t()
            consume.queue = encoder.encode(queue)
            consume.consumer_tag = encoder.encode(consumerTag)
            try send(AMQP_BASIC_CONSUME_METHOD, consume, on: channel)
        case .cancel(let consumerTag):
            var cancel = amqp_basic_cancel_t()
            cancel.consumer_tag = encoder.encode(consumerTag)
            try send(AMQP_BASIC_CANCEL_METHOD, cancel, on: channel)
        case .get(let queue):
            var get = amqp_basic_get_t()
            get.queue = encoder.encode(queue)
            try send(AMQP_BASIC_GET_METHOD, get, on: channel)
        case .acknowledge(let acknowledgement):
            var acknowledge = amqp_basic_ack_t()
            acknowledge.delivery_tag = acknowledgement.tag
            acknowledge.multiple = acknowledgement.multiple ? 1 : 0
            try send(AMQP_BASIC_ACK_METHOD, acknowledge, on: channel)
        case .reject(let tag, let requeue):
            var reject = amqp_basic_reject_t()
            reject.delivery_tag = tag
            reject.requeue = requeue ? 1 : 0
            try send(AMQP_BASIC_REJECT_METHOD, reject, on: channel)
        default:
            preconditionFailure("not a method of deliveries: \(method)")
        }
    }

    private func send<Method: BitwiseCopyable>(
        _ id: amqp_method_number_t,
        _ method: Method,
        on channel: UInt16
    ) throws(AMQPError) {
        var method = method
        try check(withUnsafeMutablePointer(to: &method) { amqp_send_method(state, channel, id, $0) })
    }
}
