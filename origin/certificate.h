/* certificate.h - a CA of our own and the certificates it issues, in memory
 * alone.
 *
 * A client that trusts the CA, and nobody else, knows that it talks to an origin
 * of this run. Keys are P-256. */
#ifndef ORIGIN_CERTIFICATE_H
#define ORIGIN_CERTIFICATE_H

#include <openssl/types.h>

#include "base/err.h"

/* The kind of every key, as people call it. */
#define CERTIFICATE_KEY_TYPE "P-256"

struct ca; /* opaque: a key, and the certificate that says whose it is */

/* A new CA with a key of its own. Owner: the caller. */
int ca_create(struct ca **out, struct err *err);
void ca_destroy(struct ca *ca); /* NULL is fine */

/* Its certificate as clients take it, in PEM; borrowed. */
const char *ca_pem(const struct ca *ca);

/* What a server shows of itself, and the key that proves it. */
struct certificate {
    X509 *x509;
    EVP_PKEY *key;
};

/* A new key, and a certificate for a server at `address`, an IPv4 address as text, and at
 * no other. Owner: the caller. */
int certificate_issue(struct certificate *certificate, const struct ca *ca,
                      const char *address, struct err *err);
void certificate_free(struct certificate *certificate); /* fine for all zeros */

/* Sets "`what`: the words of OpenSSL"; returns -1. */
int openssl_failed(struct err *err, const char *what);

#endif
