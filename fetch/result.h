/* result.h - what one fetch came to. Plain data: no pointers, fixed size.
 *
 * A result is written once, by the worker that did the fetch, straight into its slot of
 * the shared supply (see work.h). Because it holds no pointers the writer may be another
 * thread or another process, and the reader may outlive the writer. */
#ifndef FETCH_RESULT_H
#define FETCH_RESULT_H

#include <stdalign.h>
#include <stdint.h>

/* One line an outcome: name, the word that is also its column in runs.csv, what it means.
 * LOST comes first because a slot starts as zeros: what nobody finished is lost. */
#define FETCH_OUTCOMES(X)                                                            \
    X(LOST, "lost", "no result: its worker died, or was cut off before the end")     \
    X(OK, "ok", "the expected status, length and checksum arrived")                  \
    X(BAD_STATUS, "bad_status", "an HTTP status other than the expected one")        \
    X(BAD_BODY, "bad_body", "a body of another length or checksum than expected")    \
    X(CONNECT_FAILED, "connect_failed", "no connection could be made, TLS included") \
    X(TIMED_OUT, "timed_out", "the time-out of the policy ran out")                  \
    X(IO_FAILED, "io_failed", "the transfer broke for any other reason")

enum fetch_outcome {
#define X(name, word, meaning) FETCH_##name,
    FETCH_OUTCOMES(X)
#undef X
        FETCH_OUTCOME_COUNT
};

/* One line a cause: name, the message. Causes say what libcurl's code alone does not, or
 * says in a misleading way. */
#define FETCH_CAUSES(X)                                                                \
    X(NONE, "")                                                                        \
    X(HEAD_CUT_OFF, "the connection ended within the head of the response")            \
    X(HEAD_TOO_LARGE, "the head and the trailers of the response have more than 300 "  \
                      "KiB or 5000 lines, the most that is read")                      \
    X(LINE_TOO_LONG,                                                                   \
      "a line of the head is longer than the 100 KiB that libcurl holds, "             \
      "or memory ran out")                                                             \
    X(BODY_TOO_LARGE, "the body is larger than 64 MiB, the most that is read")         \
    X(NOT_READ, "not read by the reference: a transfer coding other than chunked")     \
    X(NO_PORT, "no local port is free towards the server (TIME_WAIT keeps them): use " \
               "--connections reuse or fewer --requests")                              \
    X(NO_ROUTE, "there is no route to the server: is the network interface up?")       \
    X(CERT_EXPIRED, "the server's certificate has expired, or the clock of this "      \
                    "machine is wrong: renew it, or --insecure to verify none")        \
    X(CERT_NOT_YET, "the server's certificate is not valid yet, or the clock of "      \
                    "this machine is wrong")                                           \
    X(CERT_OF_ANOTHER, "the server's certificate is not for the host of the address")

enum fetch_cause {
#define X(name, message) FETCH_CAUSE_##name,
    FETCH_CAUSES(X)
#undef X
        FETCH_CAUSE_COUNT
};

/* An IPv6 address; an IPv4 address fills the first four bytes. */
enum { FETCH_ADDRESS_BYTES = 16 };

/* The stamps are clock_ns(), 0 where the moment never came. */
struct fetch_result {
    alignas(64) uint64_t begin_ns; /* handed to the worker: from here it is in flight */
    uint64_t start_ns;             /* handed to libcurl */
    uint64_t first_byte_ns;        /* the first byte of the response was read */
    uint64_t end_ns;               /* its worker knew that it was done */
    uint64_t body_bytes;
    uint64_t encoded_bytes; /* the same as it was sent: compressed, if it was */
    uint32_t connect_us;    /* libcurl: start to TCP connected; only if connections > 0 */
    uint32_t tls_us; /* libcurl: start to TLS agreed, connecting included; 0: none */
    uint32_t origin_delay_us;  /* the delay that the origin says it served */
    uint16_t has_origin_delay; /* 1 if it said so */
    uint16_t http_status;      /* 0 when no response came */
    uint16_t connections;      /* new connections made for this fetch */
    uint16_t curl_code;        /* CURLcode */
    uint16_t local_port;       /* of the connection, 0 when there was none; it names the
                                  connection only together with ... */
    uint16_t remote_port;      /* ... the port and ... */
    uint8_t remote_address[FETCH_ADDRESS_BYTES]; /* ... the IP address of the server */
    uint16_t outcome;                            /* enum fetch_outcome, written last */
    uint16_t cause;                              /* enum fetch_cause */
    uint32_t worker; /* which worker of the strategy did it, from 0 */
};

/* The word of an outcome, e.g. "timed_out". Never NULL, never freed. */
const char *fetch_outcome_word(enum fetch_outcome outcome);

/* Why a connection could not be made, by the errno of connect(). */
enum fetch_cause fetch_cause_of_connect(int os_errno);

/* The message of a cause, "" for none. Never NULL, never freed. */
const char *fetch_cause_text(enum fetch_cause cause);

#endif
