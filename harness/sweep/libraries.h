/* libraries.h - the versions of the libraries in use: those that were loaded, not those
 * of the build, except for libdeflate, which cannot be asked. */
#ifndef HARNESS_SWEEP_LIBRARIES_H
#define HARNESS_SWEEP_LIBRARIES_H

struct libraries {
    const char *libcurl;
    const char *tls; /* of libcurl, "OpenSSL/3.0.11"; NULL: without TLS */
    const char *resolver;
    const char *openssl; /* of the embedded origin */
    const char *libevent, *zlib, *libdeflate, *jansson;
};

struct libraries libraries_in_use(void);

#endif
