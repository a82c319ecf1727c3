/* test_certificate.c - which clients accept a certificate that the test CA issued, and
 * for which address. */
#include "origin/certificate.h"
#include "tests/support/check.h"

#include <openssl/pem.h>
#include <openssl/x509v3.h>
#include <string.h>

/* X509_V_OK, or the reason why a client that trusts only `ca` rejects the certificate. */
static int verify(const struct certificate *certificate, const struct ca *ca)
{
    BIO *pem = BIO_new_mem_buf(ca_pem(ca), -1);
    X509 *trusted = PEM_read_bio_X509(pem, NULL, NULL, NULL);
    X509_STORE_CTX *context = X509_STORE_CTX_new();
    X509_STORE *store = X509_STORE_new();
    int result;

    assert_true(trusted && context && store);
    assert_int_equal(X509_STORE_add_cert(store, trusted), 1);
    assert_int_equal(X509_STORE_CTX_init(context, store, certificate->x509, NULL), 1);
    assert_int_equal(X509_STORE_CTX_set_purpose(context, X509_PURPOSE_SSL_SERVER), 1);
    (void)X509_verify_cert(context);
    result = X509_STORE_CTX_get_error(context);
    X509_STORE_CTX_free(context);
    X509_STORE_free(store);
    X509_free(trusted);
    (void)BIO_free(pem);
    return result;
}

static void test_trusted_by_its_ca_alone(void **state)
{
    struct ca *ca;
    struct ca *another;
    struct certificate certificate;
    struct err err = {""};

    (void)state;
    assert_int_equal(ca_create(&ca, &err), 0);
    assert_int_equal(ca_create(&another, &err), 0);
    assert_int_equal(certificate_issue(&certificate, ca, "127.9.8.7", &err), 0);
    assert_int_equal(verify(&certificate, ca), X509_V_OK);
    assert_int_not_equal(verify(&certificate, another), X509_V_OK);
    certificate_free(&certificate);
    ca_destroy(ca);
    ca_destroy(another);
}

static void test_valid_for_its_address_alone(void **state)
{
    struct ca *ca;
    struct certificate certificate;
    struct err err = {""};

    (void)state;
    assert_int_equal(ca_create(&ca, &err), 0);
    assert_int_equal(certificate_issue(&certificate, ca, "127.9.8.7", &err), 0);
    assert_int_equal(X509_check_ip_asc(certificate.x509, "127.9.8.7", 0), 1);
    assert_int_equal(X509_check_ip_asc(certificate.x509, "127.9.8.8", 0), 0);
    assert_int_equal(X509_check_host(certificate.x509, "localhost", 0, 0, NULL), 0);
    assert_int_equal(X509_check_private_key(certificate.x509, certificate.key), 1);
    assert_int_equal(X509_check_ca(certificate.x509), 0); /* it is no CA itself */
    certificate_free(&certificate);
    ca_destroy(ca);
}

static void test_invalid_address(void **state)
{
    struct ca *ca;
    struct certificate certificate;
    struct err err = {""};

    (void)state;
    assert_int_equal(ca_create(&ca, &err), 0);
    assert_int_equal(certificate_issue(&certificate, ca, "nowhere", &err), -1);
    assert_non_null(strstr(err.text, "cannot make a certificate: "));
    ca_destroy(ca);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_trusted_by_its_ca_alone),
        cmocka_unit_test(test_valid_for_its_address_alone),
        cmocka_unit_test(test_invalid_address),
    };

    return cmocka_run_group_tests_name("certificate", tests, NULL, NULL);
}
