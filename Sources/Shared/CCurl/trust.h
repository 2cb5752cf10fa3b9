#pragma once
#include <curl/curl.h>
#include <openssl/pem.h>
#include <openssl/ssl.h>
#include <openssl/x509v3.h>
#include <stdio.h>

/*
 * Trust by pin. libcurl pins in addition to authority and host name; what is wanted here is instead of them: a peer that
 * presents the one known certificate is trusted while that is valid, whoever signed it and whatever names it has. Any
 * other certificate is verified as always.
 */

/* The certificate, and the name or address of the peer; both stay the caller's. */
typedef struct {
    X509 *certificate;
    const char *host;
} ccurl_pin;

/* The first certificate of a PEM file; NULL if there is none. Freed by X509_free. */
static inline X509 *ccurl_read_certificate(const char *path) {
    FILE *file = fopen(path, "r");
    if (file == NULL) return NULL;
    X509 *certificate = PEM_read_X509(file, NULL, NULL, NULL);
    fclose(file);
    return certificate;
}

/* SSL_CTX_set_cert_verify_callback(3): in place of OpenSSL's own verification. */
static inline int ccurl_verify(X509_STORE_CTX *store, void *certificate) {
    X509 *presented = X509_STORE_CTX_get0_cert(store);
    if (presented == NULL || X509_cmp(presented, certificate) != 0) return X509_verify_cert(store);
    int error = X509_V_OK;
    if (X509_cmp_current_time(X509_get0_notBefore(presented)) >= 0) error = X509_V_ERR_CERT_NOT_YET_VALID;
    if (X509_cmp_current_time(X509_get0_notAfter(presented)) <= 0) error = X509_V_ERR_CERT_HAS_EXPIRED;
    X509_STORE_CTX_set_error(store, error);
    return error == X509_V_OK;
}

/* CURLOPT_SSL_CTX_FUNCTION(3). The peer's name is verified with its certificate, since libcurl would refuse the pinned one. */
static inline CURLcode ccurl_use_pin(CURL *easy, void *context, void *argument) {
    (void)easy;
    const ccurl_pin *pin = argument;
    X509_VERIFY_PARAM *parameters = SSL_CTX_get0_param(context);
    if (!X509_VERIFY_PARAM_set1_ip_asc(parameters, pin->host) &&
        !X509_VERIFY_PARAM_set1_host(parameters, pin->host, 0)) {
        return CURLE_OUT_OF_MEMORY;
    }
    SSL_CTX_set_cert_verify_callback(context, ccurl_verify, pin->certificate);
    return CURLE_OK;
}

/* The pin must outlive the transfer, its certificate the connections too. */
static inline CURLcode ccurl_set_pin(CURL *easy, ccurl_pin *pin) {
    CURLcode code = curl_easy_setopt(easy, CURLOPT_SSL_VERIFYHOST, 0L);
    if (code == CURLE_OK) code = curl_easy_setopt(easy, CURLOPT_SSL_CTX_DATA, pin);
    if (code == CURLE_OK) code = curl_easy_setopt(easy, CURLOPT_SSL_CTX_FUNCTION, ccurl_use_pin);
    return code;
}
