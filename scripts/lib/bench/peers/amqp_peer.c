/* RabbitMQ by rabbitmq-c with nothing around it: what there is to be had from the broker on this machine.
 *
 *   amqp_peer publish SAMPLE COUNT WINDOW   copies of a message that waits in the queue SAMPLE, to a queue of its own
 *   amqp_peer replay FILE EXCHANGE KEY RATE a message for each line of the file: correlation id, tab, body; at most so
 *                                           many a second, or, where that is 0, as fast as can be
 *   amqp_peer drain QUEUE FILE              takes all messages, and writes the lines that `replay` reads
 *   amqp_peer depth QUEUE                   how many messages wait in a queue
 *   amqp_peer consume QUEUE COUNT PREFETCH  makes the queue, takes and acknowledges so many messages
 *   amqp_peer tap EXCHANGE KEY              says for each message that is routed there when it came
 *   amqp_peer ping COUNT                    messages to a queue of its own, each after the one before has come back
 *
 * The broker's port, user, password and virtual host are in the environment, as for Tasker. `publish` prints the seconds
 * from the first message to the last confirmation; `tap` and `ping` print a line of seconds for each message, of Unix time
 * and of the way there and back. `tap`, `replay` and `consume` say `ready` first; `replay` begins when it reads a line.
 * All messages are persistent, and published with confirms.
 */
#include <amqp.h>
#include <amqp_tcp_socket.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

static amqp_connection_state_t connection;

static void fail(const char *what) {
    fprintf(stderr, "amqp_peer: %s\n", what);
    exit(1);
}

static void check(const char *what) {
    if (amqp_get_rpc_reply(connection).reply_type != AMQP_RESPONSE_NORMAL) fail(what);
}

static const char *setting(const char *name) {
    const char *value = getenv(name);
    if (!value) fail(name);
    return value;
}

static double seconds(clockid_t clock) {
    struct timespec now;
    clock_gettime(clock, &now);
    return (double)now.tv_sec + (double)now.tv_nsec / 1e9;
}

static void say_ready(void) {
    puts("ready");
    fflush(stdout);
}

static void connect_to_broker(void) {
    connection = amqp_new_connection();
    amqp_socket_t *socket = amqp_tcp_socket_new(connection);
    if (!socket || amqp_socket_open(socket, "127.0.0.1", atoi(setting("RABBITMQ_PORT")))) fail("connect");
    amqp_rpc_reply_t reply = amqp_login(connection, setting("RABBITMQ_VHOST"), 0, 131072, 0, AMQP_SASL_METHOD_PLAIN,
                                        setting("RABBITMQ_USER"), setting("RABBITMQ_PASSWORD"));
    if (reply.reply_type != AMQP_RESPONSE_NORMAL) fail("login");
    amqp_channel_open(connection, 1);
    check("channel");
}

/* A durable queue. An exclusive one would end with the connection, and so the broker would keep nothing of it on disk. */
static amqp_bytes_t make_queue(amqp_bytes_t name, int ends_with_consumer) {
    amqp_queue_declare_ok_t *queue =
        amqp_queue_declare(connection, 1, name, 0, 1, 0, ends_with_consumer, amqp_empty_table);
    check("queue");
    return amqp_bytes_malloc_dup(queue->queue);
}

static void subscribe(amqp_bytes_t queue, int without_acks) {
    amqp_basic_consume(connection, 1, queue, amqp_empty_bytes, 0, without_acks, 0, amqp_empty_table);
    check("consume");
}

static void publish(amqp_bytes_t exchange, amqp_bytes_t key, int mandatory, amqp_basic_properties_t *properties,
                    amqp_bytes_t body) {
    if (amqp_basic_publish(connection, 1, exchange, key, mandatory, 0, properties, body)) fail("publish");
}

/* Waits for confirmations until no more than so many of the messages lack theirs. */
static void await_confirms(long sent, long *confirmed, long at_most) {
    while (sent - *confirmed > at_most) {
        amqp_frame_t frame;
        if (amqp_simple_wait_frame(connection, &frame)) fail("confirmation");
        if (frame.frame_type != AMQP_FRAME_METHOD || frame.payload.method.id != AMQP_BASIC_ACK_METHOD)
            fail("something else than a confirmation");
        amqp_basic_ack_t *ack = frame.payload.method.decoded;
        *confirmed = ack->multiple ? (long)ack->delivery_tag : *confirmed + 1;
        amqp_maybe_release_buffers(connection);
    }
}

static void run_publish(const char *sample, long count, long window) {
    amqp_rpc_reply_t reply = amqp_basic_get(connection, 1, amqp_cstring_bytes(sample), 0);
    if (reply.reply_type != AMQP_RESPONSE_NORMAL || reply.reply.id != AMQP_BASIC_GET_OK_METHOD) fail("no sample");
    unsigned long tag = ((amqp_basic_get_ok_t *)reply.reply.decoded)->delivery_tag;
    amqp_message_t message;
    if (amqp_read_message(connection, 1, &message, 0).reply_type != AMQP_RESPONSE_NORMAL) fail("sample");
    amqp_basic_reject(connection, 1, tag, 1);
    amqp_bytes_t queue = make_queue(amqp_empty_bytes, 0);
    amqp_confirm_select(connection, 1);
    check("confirms");
    double start = seconds(CLOCK_MONOTONIC);
    long confirmed = 0;
    for (long sent = 1; sent <= count; sent++) {
        publish(amqp_empty_bytes, queue, 1, &message.properties, message.body);
        await_confirms(sent, &confirmed, sent == count ? 0 : window - 1);
    }
    printf("%.6f\n", seconds(CLOCK_MONOTONIC) - start);
    amqp_queue_delete(connection, 1, queue, 0, 0);
}

static void wait_until(double moment) {
    double left = moment - seconds(CLOCK_MONOTONIC);
    if (left <= 0) return;
    struct timespec pause = {.tv_sec = (time_t)left, .tv_nsec = (long)((left - (time_t)left) * 1e9)};
    nanosleep(&pause, NULL);
}

static void run_replay(const char *file, const char *exchange, const char *key, double rate) {
    FILE *lines = fopen(file, "r");
    if (!lines) fail(file);
    amqp_confirm_select(connection, 1);
    check("confirms");
    say_ready();
    if (getchar() == EOF) return;
    double start = seconds(CLOCK_MONOTONIC);
    char *line = NULL;
    size_t size = 0;
    long sent = 0, confirmed = 0;
    for (ssize_t length; (length = getline(&line, &size, lines)) > 0; sent++) {
        char *body = strchr(line, '\t');
        if (!body) fail("a line without a tab");
        *body++ = 0;
        if (rate > 0) wait_until(start + (double)sent / rate);
        amqp_basic_properties_t properties = {
            ._flags = AMQP_BASIC_CONTENT_TYPE_FLAG | AMQP_BASIC_CONTENT_ENCODING_FLAG | AMQP_BASIC_DELIVERY_MODE_FLAG |
                      AMQP_BASIC_CORRELATION_ID_FLAG,
            .content_type = amqp_cstring_bytes("application/json"),
            .content_encoding = amqp_cstring_bytes("utf-8"),
            .delivery_mode = 2,
            .correlation_id = amqp_cstring_bytes(line),
        };
        publish(amqp_cstring_bytes(exchange), amqp_cstring_bytes(key), 1, &properties,
                (amqp_bytes_t){.len = (size_t)(line + length - body), .bytes = body});
    }
    await_confirms(sent, &confirmed, 0);
}

static void run_drain(const char *queue, const char *file) {
    FILE *lines = fopen(file, "w");
    if (!lines) fail(file);
    for (;;) {
        amqp_rpc_reply_t reply = amqp_basic_get(connection, 1, amqp_cstring_bytes(queue), 1);
        if (reply.reply_type != AMQP_RESPONSE_NORMAL) fail("get");
        if (reply.reply.id == AMQP_BASIC_GET_EMPTY_METHOD) break;
        amqp_message_t message;
        if (amqp_read_message(connection, 1, &message, 0).reply_type != AMQP_RESPONSE_NORMAL) fail("message");
        amqp_bytes_t id = message.properties.correlation_id;
        fprintf(lines, "%.*s\t%.*s\n", (int)id.len, (char *)id.bytes, (int)message.body.len, (char *)message.body.bytes);
        amqp_destroy_message(&message);
        amqp_maybe_release_buffers(connection);
    }
    if (fclose(lines)) fail(file);
}

static void run_depth(const char *queue) {
    amqp_queue_declare_ok_t *answer =
        amqp_queue_declare(connection, 1, amqp_cstring_bytes(queue), 1, 0, 0, 0, amqp_empty_table);
    check("queue");
    printf("%u\n", answer->message_count);
}

static void run_consume(const char *queue, long count, int prefetch) {
    make_queue(amqp_cstring_bytes(queue), 1);
    amqp_basic_qos(connection, 1, 0, (uint16_t)prefetch, 0);
    subscribe(amqp_cstring_bytes(queue), 0);
    say_ready();
    while (count-- > 0) {
        amqp_envelope_t envelope;
        if (amqp_consume_message(connection, &envelope, NULL, 0).reply_type != AMQP_RESPONSE_NORMAL) fail("message");
        amqp_basic_ack(connection, 1, envelope.delivery_tag, 0);
        amqp_destroy_envelope(&envelope);
        amqp_maybe_release_buffers(connection);
    }
}

static void run_tap(const char *exchange, const char *key) {
    amqp_bytes_t queue = make_queue(amqp_empty_bytes, 1);
    amqp_queue_bind(connection, 1, queue, amqp_cstring_bytes(exchange), amqp_cstring_bytes(key), amqp_empty_table);
    check("bind");
    subscribe(queue, 1);
    say_ready();
    for (;;) {
        amqp_envelope_t envelope;
        if (amqp_consume_message(connection, &envelope, NULL, 0).reply_type != AMQP_RESPONSE_NORMAL) fail("message");
        printf("%.6f\n", seconds(CLOCK_REALTIME));
        fflush(stdout);
        amqp_destroy_envelope(&envelope);
    }
}

static void run_ping(long count) {
    amqp_basic_properties_t properties = {._flags = AMQP_BASIC_DELIVERY_MODE_FLAG, .delivery_mode = 2};
    amqp_bytes_t queue = make_queue(amqp_empty_bytes, 1);
    subscribe(queue, 1);
    while (count-- > 0) {
        amqp_envelope_t envelope;
        double start = seconds(CLOCK_MONOTONIC);
        publish(amqp_empty_bytes, queue, 0, &properties, amqp_cstring_bytes("ping"));
        if (amqp_consume_message(connection, &envelope, NULL, 0).reply_type != AMQP_RESPONSE_NORMAL) fail("message");
        printf("%.6f\n", seconds(CLOCK_MONOTONIC) - start);
        amqp_destroy_envelope(&envelope);
    }
}

int main(int count, char **words) {
    const char *what = count > 1 ? words[1] : "";
    connect_to_broker();
    if (!strcmp(what, "publish") && count == 5) run_publish(words[2], atol(words[3]), atol(words[4]));
    else if (!strcmp(what, "replay") && count == 6) run_replay(words[2], words[3], words[4], atof(words[5]));
    else if (!strcmp(what, "drain") && count == 4) run_drain(words[2], words[3]);
    else if (!strcmp(what, "depth") && count == 3) run_depth(words[2]);
    else if (!strcmp(what, "consume") && count == 5) run_consume(words[2], atol(words[3]), atoi(words[4]));
    else if (!strcmp(what, "tap") && count == 4) run_tap(words[2], words[3]);
    else if (!strcmp(what, "ping") && count == 3) run_ping(atol(words[2]));
    else fail("usage");
    return 0;
}
