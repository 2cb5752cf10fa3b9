/*
 * RabbitMQ: the messages that are ready, by task; equal ones that wait at the same time are one. Whoever holds a
 * message unacknowledged holds it in its own state; the broker gives it back when that holder dies, or while it is
 * suspended, for its heartbeats stop.
 */

bool queued_messages[TASKS];
bool results[TASKS];
