#pragma once

#include <amqp.h>
#include <amqp_ssl_socket.h>
#include <amqp_tcp_socket.h>
#include <openssl/ssl.h>
#include <openssl/x509_vfy.h>
// Swift's Glibc module leaves it out.
#include <sys/eventfd.h>
#include <sys/time.h>

static inline struct timeval crabbitmq_timeval(int64_t milliseconds) {
  struct timeval value = {.tv_sec = milliseconds / 1000, .tv_usec = milliseconds % 1000 * 1000};
  return value;
}

/// `amqp_socket_open_noblock`: connects within a time.
static inline int crabbitmq_open(amqp_socket_t *socket, const char *host, int port, int64_t milliseconds) {
  struct timeval timeout = crabbitmq_timeval(milliseconds);
  return amqp_socket_open_noblock(socket, host, port, &timeout);
}

/// Bounds how long the calls that wait for the broker (login, close) do so.
static inline int crabbitmq_set_timeout(amqp_connection_state_t state, int64_t milliseconds) {
  struct timeval timeout = crabbitmq_timeval(milliseconds);
  int status = amqp_set_handshake_timeout(state, &timeout);
  return status == AMQP_STATUS_OK ? amqp_set_rpc_timeout(state, &timeout) : status;
}

/// `amqp_simple_wait_frame_noblock` without waiting at all.
static inline int crabbitmq_next_frame(amqp_connection_state_t state, amqp_frame_t *frame) {
  struct timeval none = {0};
  return amqp_simple_wait_frame_noblock(state, frame, &none);
}

/// `amqp_login_with_properties` with the PLAIN mechanism; Swift cannot call a variadic function.
static inline amqp_rpc_reply_t crabbitmq_login(
    amqp_connection_state_t state, const char *vhost, int channel_max, int frame_max, int heartbeat,
    const amqp_table_t *properties, const char *user, const char *password) {
  return amqp_login_with_properties(
      state, vhost, channel_max, frame_max, heartbeat, properties, AMQP_SASL_METHOD_PLAIN, user, password);
}

/// Makes a TLS socket, made by `amqp_ssl_socket_new`, verify its peer: TLS 1.2 or later, certificates chaining to
/// `ca_file` (or, where that is NULL, to the system's trusted ones), issued for `host`.
///
/// The library compares names only; an IP address as `host` is compared by OpenSSL with the certificate's addresses.
static inline int crabbitmq_verify_peer(amqp_socket_t *socket, const char *host, const char *ca_file) {
  SSL_CTX *context = (SSL_CTX *)amqp_ssl_socket_get_context(socket);
  int loaded = ca_file ? SSL_CTX_load_verify_locations(context, ca_file, NULL)
                       : SSL_CTX_set_default_verify_paths(context);
  if (loaded != 1 || SSL_CTX_set_min_proto_version(context, TLS1_2_VERSION) != 1) {
    return AMQP_STATUS_SSL_ERROR;
  }
  int is_address = X509_VERIFY_PARAM_set1_ip_asc(SSL_CTX_get0_param(context), host);
  amqp_ssl_socket_set_verify_peer(socket, 1);
  amqp_ssl_socket_set_verify_hostname(socket, !is_address);
  return AMQP_STATUS_OK;
}
