/* result.h - the result of one fetch. Plain data: no pointers, fixed size.
 *
 * A result is written once, by the worker that did the fetch, straight into its slot of
 * the shared supply (see work.h). Because it holds no pointers the writer may be another
 * thread or another process, and the reader may outlive the writer. */
#ifndef FETCH_RESULT_H
#define FETCH_RESULT_H

#include <stdalign.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/* One line per outcome: name, word (also its column in runs.csv), meaning. LOST comes
 * first because a slot starts as zeros: an unfinished fetch is lost. */
#define FETCH_OUTCOMES(X)                                                            \
    X(LOST, "lost", "no result: its worker died, or was cut off before the end")     \
    X(OK, "ok", "the expected status, length and checksum arrived")                  \
    X(BAD_STATUS, "bad_status", "an HTTP status other than the expected one")        \
    X(BAD_BODY, "bad_body", "a body of another length or checksum than expected")    \
    X(CONNECT_FAILED, "connect_failed", "no connection could be made, TLS included") \
    X(TIMED_OUT, "timed_out", "the timeout expired")                                 \
    X(IO_FAILED, "io_failed", "the transfer broke for any other reason")             \
    X(UNFINISHED, "unfinished", "with --rates: not ended when the cell's time was over")

enum fetch_outcome {
#define X(name, word, meaning) FETCH_##name,
    FETCH_OUTCOMES(X)
#undef X
        FETCH_OUTCOME_COUNT
};

/* One line per cause: name, message. A cause says more than libcurl's code where that is
 * silent or misleading. */
#define FETCH_CAUSES(X)                                                               \
    X(NONE, "")                                                                       \
    X(HEAD_CUT_OFF, "the connection ended before the response headers were complete") \
    X(HEAD_TOO_LARGE, "the response headers and trailers have more than 300 KiB or "  \
                      "5000 lines, the most that bench reads")                        \
    X(LINE_TOO_LONG,                                                                  \
      "a response header line is longer than libcurl's limit of 100 KiB, "            \
      "or memory ran out")                                                            \
    X(BODY_TOO_LARGE, "the body is larger than 64 MiB, the most that bench reads")    \
    X(NOT_READ, "unsupported transfer coding: raw-epoll reads only chunked")          \
    X(NO_PORT, "no free local port towards the server (TIME_WAIT holds them): use "   \
               "--connections reuse or fewer --requests")                             \
    X(NO_ROUTE, "no route to the server: check that the network interface is up")     \
    X(CERT_EXPIRED, "the server's certificate has expired, or the clock of this "     \
                    "machine is wrong: renew it, or use --insecure to verify none")   \
    X(CERT_NOT_YET, "the server's certificate is not valid yet, or the clock of "     \
                    "this machine is wrong")                                          \
    X(CERT_OF_ANOTHER, "the server's certificate does not match the host of the URL") \
    X(TOLD, "the program reported an error")

enum fetch_cause {
#define X(name, message) FETCH_CAUSE_##name,
    FETCH_CAUSES(X)
#undef X
        FETCH_CAUSE_COUNT
};

/* What is not known of the result of a program from outside, which reports no more than
 * the protocol of strategies/outside/program.h has. */
enum fetch_unknown {
    FETCH_UNKNOWN_PHASES = 1, /* all between start and end, and the origin's delay */
    FETCH_UNKNOWN_STAMPS = 2, /* begin and end, which are those of the whole run */
    FETCH_UNKNOWN_STATUS = 4,
    FETCH_UNKNOWN_LENGTH = 8,
    FETCH_UNKNOWN_CRC32 = 16,
};

/* An IPv6 address; an IPv4 address fills the first four bytes. */
enum { FETCH_ADDRESS_BYTES = 16 };

/* The timestamps are clock_ns(); 0: the fetch never got there. */
struct fetch_result {
    alignas(64) uint64_t begin_ns; /* handed to the worker, or due, if that is later:
                                      from here it is in flight */
    uint64_t start_ns;             /* handed to libcurl */
    uint64_t first_byte_ns;        /* the first byte of the response was read */
    uint64_t end_ns;               /* its worker knew that it was done */
    uint64_t body_bytes;
    uint64_t encoded_bytes; /* the same as transferred: compressed, if it was */
    uint32_t connect_us;    /* libcurl: start to TCP connected; only if connections > 0 */
    uint32_t tls_us; /* libcurl: start to TLS ready, connecting included; 0: none */
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
    uint16_t unknown; /* of enum fetch_unknown; 0: all is known */
    uint32_t worker;  /* which worker of the strategy did it, from 0 */
    uint64_t due_ns;  /* when it was due, if that was planned: filled in by the reader */
    uint64_t stop_ns; /* it ends by then as if it had timed out; 0: never. As work_take()
                         left it */
};

/* The word of an outcome, e.g. "timed_out". Never NULL, never freed. */
const char *fetch_outcome_word(enum fetch_outcome outcome);

/* Why a connection could not be made, by the errno of connect(). */
enum fetch_cause fetch_cause_of_connect(int os_errno);

/* The message of a cause, "" for none. Never NULL, never freed. */
const char *fetch_cause_text(enum fetch_cause cause);

#ifdef __cplusplus
}
#endif

#endif
