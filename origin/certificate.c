/* certificate.c - see certificate.h. */
#include "origin/certificate.h"

#include <openssl/bio.h>
#include <openssl/crypto.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/rand.h>
#include <openssl/ssl.h>
#include <openssl/x509v3.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"

/* From one day ago, since clocks differ, for a month, since a server may be left
 * running. */
enum { VALID_BEFORE_DAYS = -1, VALID_DAYS = 30 };

struct ca {
    struct certificate own;
    char *pem;
};

int openssl_failed(struct err *err, const char *what)
{
    const char *reason = ERR_reason_error_string(ERR_peek_last_error());

    ERR_clear_error();
    return err_set(err, "%s: %s", what, reason ? reason : "out of memory");
}

/* -- one certificate ----------------------------------------------------------- */

/* An extension by its name and value as openssl.cnf has them. */
struct extension {
    int nid;
    const char *value;
};

static bool add_extension(X509 *x509, X509 *issuer, const struct extension *extension)
{
    X509_EXTENSION *made;
    X509V3_CTX context;
    bool added;

    X509V3_set_ctx(&context, issuer, x509, NULL, NULL, 0);
    made = X509V3_EXT_conf_nid(NULL, &context, extension->nid, extension->value);
    added = made && X509_add_ext(x509, made, -1);
    X509_EXTENSION_free(made);
    return added;
}

static bool set_serial(X509 *x509)
{
    uint64_t serial;

    return RAND_bytes((unsigned char *)&serial, sizeof(serial)) == 1 &&
           ASN1_INTEGER_set_uint64(X509_get_serialNumber(x509), serial >> 1);
}

static bool set_validity(X509 *x509)
{
    time_t now = (time_t)clock_wall_s();

    return X509_time_adj_ex(X509_getm_notBefore(x509), VALID_BEFORE_DAYS, 0, &now) &&
           X509_time_adj_ex(X509_getm_notAfter(x509), VALID_DAYS, 0, &now);
}

static bool set_name(X509_NAME *name, const char *text)
{
    return X509_NAME_add_entry_by_txt(name, "CN", MBSTRING_ASC,
                                      (const unsigned char *)text, -1, -1, 0);
}

/* A new key, and a certificate for it with `count` extensions, signed by `issuer`, or
 * self-signed if that is NULL. On -1, without memory, there is nothing to free. */
static int make_certificate(struct certificate *made, const char *name,
                            const struct certificate *issuer,
                            const struct extension *extensions, size_t count)
{
    X509 *x509 = X509_new();
    EVP_PKEY *key = EVP_EC_gen(CERTIFICATE_KEY_TYPE);
    bool good;

    *made = (struct certificate){x509, key};
    if (!issuer)
        issuer = made;
    good = x509 && key && X509_set_version(x509, X509_VERSION_3) && set_serial(x509) &&
           set_validity(x509) && set_name(X509_get_subject_name(x509), name) &&
           X509_set_issuer_name(x509, X509_get_subject_name(issuer->x509)) &&
           X509_set_pubkey(x509, key);
    for (size_t i = 0; good && i < count; i++)
        good = add_extension(x509, issuer->x509, &extensions[i]);
    if (good && X509_sign(x509, issuer->key, EVP_sha256()))
        return 0;
    certificate_free(made);
    return -1;
}

/* -- the CA ------------------------------------------------------------- */

/* A certificate in PEM; NULL: no memory. */
static char *pem_of(X509 *x509)
{
    BIO *memory = BIO_new(BIO_s_mem());
    char *text = NULL;
    char *data;
    long size;

    if (memory && PEM_write_bio_X509(memory, x509)) {
        size = BIO_get_mem_data(memory, &data);
        text = strndup(data, (size_t)size);
    }
    (void)BIO_free(memory);
    return text;
}

/* OpenSSL initialises itself in the first call that needs it. If that fails, later calls
 * do not check and crash. */
static bool is_openssl_ready(void)
{
    return OSSL_LIB_CTX_get0_global_default() &&
           OPENSSL_init_ssl(
               OPENSSL_INIT_LOAD_SSL_STRINGS | OPENSSL_INIT_LOAD_CRYPTO_STRINGS, NULL);
}

int ca_create(struct ca **out, struct err *err)
{
    static const struct extension extensions[] = {
        {NID_basic_constraints, "critical,CA:TRUE,pathlen:0"},
        {NID_key_usage, "critical,keyCertSign"},
        {NID_subject_key_identifier, "hash"},
    };
    struct ca *ca;

    if (!is_openssl_ready())
        return err_set(err, "OpenSSL cannot be initialised: out of memory, or its "
                            "configuration is wrong");
    ca = calloc(1, sizeof(*ca));
    if (!ca)
        return err_errno(err, "no memory for a CA");
    if (!make_certificate(&ca->own, "bench CA", NULL, extensions,
                          sizeof(extensions) / sizeof(extensions[0])))
        ca->pem = pem_of(ca->own.x509);
    if (!ca->pem) {
        ca_destroy(ca);
        return openssl_failed(err, "cannot make a CA");
    }
    *out = ca;
    return 0;
}

void ca_destroy(struct ca *ca)
{
    if (!ca)
        return;
    certificate_free(&ca->own);
    free(ca->pem);
    free(ca);
}

const char *ca_pem(const struct ca *ca)
{
    return ca->pem;
}

/* -- issuing ------------------------------------------------------------------- */

int certificate_issue(struct certificate *certificate, const struct ca *ca,
                      const char *address, struct err *err)
{
    char subject[64];
    const struct extension extensions[] = {
        {NID_basic_constraints, "critical,CA:FALSE"},
        {NID_key_usage, "critical,digitalSignature"},
        {NID_ext_key_usage, "serverAuth"},
        {NID_subject_alt_name, subject},
        {NID_authority_key_identifier, "keyid"},
    };

    (void)snprintf(subject, sizeof(subject), "IP:%s", address);
    return make_certificate(certificate, "bench origin", &ca->own, extensions,
                            sizeof(extensions) / sizeof(extensions[0]))
               ? openssl_failed(err, "cannot make a certificate")
               : 0;
}

void certificate_free(struct certificate *certificate)
{
    X509_free(certificate->x509);
    EVP_PKEY_free(certificate->key);
    *certificate = (struct certificate){0};
}
