/* certificate.h - a CA and the certificates it issues, kept in memory only.
 *
 * A client that trusts only this CA knows that it talks to an origin of this run. */
#ifndef ORIGIN_CERTIFICATE_H
#define ORIGIN_CERTIFICATE_H

#include <openssl/types.h>

#include "base/err.h"

/* The type of every key, as it is displayed. */
#define CERTIFICATE_KEY_TYPE "P-256"

struct ca; /* opaque: a key and its self-signed certificate */

/* A new CA with a new key. Owner: the caller. */
int ca_create(struct ca **out, struct err *err);
void ca_destroy(struct ca *ca); /* NULL is fine */

/* Its certificate in PEM; borrowed. */
const char *ca_pem(const struct ca *ca);

/* The certificate of a server and its private key. */
struct certificate {
    X509 *x509;
    EVP_PKEY *key;
};

/* A new key, and a certificate that is valid only for a server at `address` (IPv4, as
 * text). Owner: the caller. */
int certificate_issue(struct certificate *certificate, const struct ca *ca,
                      const char *address, struct err *err);
void certificate_free(struct certificate *certificate); /* fine for all zeros */

/* Sets `*err` to `what`, a colon and OpenSSL's message; returns -1. */
int openssl_failed(struct err *err, const char *what);

#endif
