/* transport_result.h - what came of asking a client's socket, plain or over TLS. */
#ifndef ORIGIN_TRANSPORT_RESULT_H
#define ORIGIN_TRANSPORT_RESULT_H

enum transport_result {
    TRANSPORT_DONE,           /* some bytes went through */
    TRANSPORT_ENDED,          /* reading only: the client has closed its side */
    TRANSPORT_WAITS_TO_READ,  /* ask again when the socket is readable */
    TRANSPORT_WAITS_TO_WRITE, /* ask again when it is writable */
    TRANSPORT_BROKEN,         /* there is nothing to do but to close */
};

#endif
