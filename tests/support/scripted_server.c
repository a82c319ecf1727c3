/* scripted_server.c - see scripted_server.h. One thread per connection. */
#include "tests/support/scripted_server.h"

#include <netinet/in.h>
#include <netinet/tcp.h>
#include <pthread.h>
#include <signal.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include "tests/support/check.h"

/* One connection, owned by its thread. */
struct served {
    int fd;
    const struct server_script *script;
    struct server_seen *seen;
    unsigned answers; /* of this connection; 0: no limit */
};

/* Protects the last request, which any connection may write. */
static pthread_mutex_t seen_lock = PTHREAD_MUTEX_INITIALIZER;

static void note_request(struct server_seen *seen, const char *text, size_t size)
{
    (void)pthread_mutex_lock(&seen_lock);
    memcpy(seen->request, text, size);
    (void)pthread_mutex_unlock(&seen_lock);
    __atomic_fetch_add(&seen->requests, 1, __ATOMIC_SEQ_CST);
}

/* Reads one request. False: the client has gone. */
static bool read_request(const struct served *served)
{
    char text[sizeof(served->seen->request)];
    size_t size = 0;

    while (size < sizeof(text) - 1) {
        ssize_t got = recv(served->fd, text + size, sizeof(text) - 1 - size, 0);

        if (got <= 0)
            return false;
        size += (size_t)got;
        text[size] = '\0';
        if (strstr(text, "\r\n\r\n")) {
            note_request(served->seen, text, size + 1);
            return true;
        }
    }
    return false;
}

static bool send_all(int fd, const char *text, size_t size)
{
    while (size) {
        ssize_t sent = send(fd, text, size, MSG_NOSIGNAL);

        if (sent <= 0)
            return false;
        text += sent;
        size -= (size_t)sent;
    }
    return true;
}

/* Short texts are sent in large pieces, since a system call per text would take long. */
static void flood(int fd, const char *text, size_t size)
{
    enum { PIECE_BYTES = 65536 };
    char *piece = malloc(PIECE_BYTES + size);
    size_t filled = 0;

    if (!piece)
        return;
    while (filled < PIECE_BYTES) {
        memcpy(piece + filled, text, size);
        filled += size;
    }
    while (send_all(fd, piece, filled))
        ;
    free(piece);
}

static size_t size_of(const char *text, size_t size)
{
    return size || !text ? size : strlen(text);
}

/* False: the connection must not be used again. */
static bool answer(const struct served *served)
{
    const struct server_script *script = served->script;
    struct linger at_once = {.l_onoff = 1};

    if (!send_all(served->fd, script->text, size_of(script->text, script->size)))
        return false;
    if (script->flood)
        flood(served->fd, script->flood, size_of(script->flood, script->flood_size));
    if (script->end == SERVER_HANGS)
        (void)pause();
    if (script->end == SERVER_RESETS)
        (void)setsockopt(served->fd, SOL_SOCKET, SO_LINGER, &at_once, sizeof(at_once));
    return script->end == SERVER_KEEPS;
}

static void *serve(void *argument)
{
    struct served *served = argument;
    char rest[4096];

    for (unsigned answered = 0; read_request(served); answered++) {
        bool last = served->answers && answered + 1 >= served->answers;

        if (served->answers && answered == served->answers)
            break;
        if (!answer(served) && (last || !served->answers))
            break;
    }
    if (served->script->end != SERVER_RESETS) {
        /* Closing a socket with unread bytes would reset the connection and discard data
         * that the client has not read yet. */
        (void)shutdown(served->fd, SHUT_WR);
        while (recv(served->fd, rest, sizeof(rest), 0) > 0)
            ;
    }
    (void)close(served->fd);
    free(served);
    return NULL;
}

/* A pseudorandom number from 1 to script->answers, the same in every run. */
unsigned scripted_server_answers(const struct server_script *script, uint64_t connection)
{
    return script->answers
               ? 1 + (unsigned)(connection * 2654435761u >> 16) % script->answers
               : 0;
}

static void serve_all(int listener, const struct server_script *script,
                      struct server_seen *seen)
{
    for (;;) {
        int fd = accept(listener, NULL, NULL);
        struct served *served = malloc(sizeof(*served));
        pthread_t thread;
        int on = 1;

        if (fd < 0 || !served)
            _exit(1);
        (void)setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof(on));
        __atomic_fetch_add(&seen->connections, 1, __ATOMIC_SEQ_CST);
        *served = (struct served){fd, script, seen,
                                  scripted_server_answers(script, seen->connections)};
        if (pthread_create(&thread, NULL, serve, served) || pthread_detach(thread))
            _exit(1);
    }
}

void scripted_server_start(struct scripted_server *server,
                           const struct server_script *script)
{
    struct sockaddr_in address = {.sin_family = AF_INET,
                                  .sin_port = htons(script->port),
                                  .sin_addr = {htonl(INADDR_LOOPBACK)}};
    socklen_t size = sizeof(address);
    int listener = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    int on = 1;

    assert_true(listener >= 0);
    assert_int_equal(setsockopt(listener, SOL_SOCKET, SO_REUSEADDR, &on, sizeof(on)), 0);
    assert_int_equal(bind(listener, (struct sockaddr *)&address, size), 0);
    assert_int_equal(listen(listener, 512), 0);
    assert_int_equal(getsockname(listener, (struct sockaddr *)&address, &size), 0);
    assert_int_equal(shared_create(&server->shared, "bench-test-server",
                                   sizeof(struct server_seen), NULL),
                     0);
    server->port = ntohs(address.sin_port);
    server->pid = fork();
    assert_true(server->pid >= 0);
    if (!server->pid) {
        (void)prctl(PR_SET_PDEATHSIG, SIGKILL);
        serve_all(listener, script, server->shared.memory);
    }
    (void)close(listener);
}

const struct server_seen *scripted_server_seen(const struct scripted_server *server)
{
    return server->shared.memory;
}

void scripted_server_stop(struct scripted_server *server)
{
    (void)kill(server->pid, SIGKILL);
    assert_int_equal(waitpid(server->pid, NULL, 0), server->pid);
    shared_close(&server->shared);
}
