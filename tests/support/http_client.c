/* http_client.c - see http_client.h. */
#include "tests/support/http_client.h"

#include <arpa/inet.h>
#include <dirent.h>
#include <errno.h>
#include <netinet/in.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <unistd.h>

#include "base/clock.h"
#include "tests/support/check.h"

void server_start_with(struct server *server, const struct origin_options *options)
{
    struct origin_options local = *options;
    struct err err = {""};

    local.address = "127.0.0.1";
    if (page_set_create(&server->pages, &options->behaviour.body, &err) ||
        origin_start(&server->process, &local, server->pages, 100, &err))
        fail_msg("%s", err.text);
}

void server_start(struct server *server, uint64_t delay_ms, size_t capacity)
{
    server_start_with(server,
                      &(struct origin_options){
                          .behaviour = {.delay = delay_fixed(delay_ms * CLOCK_NS_PER_MS),
                                        .capacity = capacity}});
}

const struct origin_stats *server_stop(struct server *server)
{
    struct err err = {""};

    if (origin_stop(&server->process, &err))
        fail_msg("%s", err.text);
    return origin_stats(&server->process);
}

void server_finish(struct server *server)
{
    (void)server_stop(server);
    origin_close(&server->process);
    page_set_destroy(server->pages);
}

int connect_to(const struct server *server)
{
    return connect_to_port(server->process.port);
}

int connect_to_port(uint16_t port)
{
    struct sockaddr_in address = {.sin_family = AF_INET,
                                  .sin_port = htons(port),
                                  .sin_addr = {htonl(INADDR_LOOPBACK)}};
    struct timeval timeout = {.tv_sec = 10};
    int fd = socket(AF_INET, SOCK_STREAM, 0);

    assert_true(fd >= 0);
    assert_int_equal(setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &timeout, sizeof(timeout)),
                     0);
    assert_int_equal(connect(fd, (struct sockaddr *)&address, sizeof(address)), 0);
    return fd;
}

void send_text(int fd, const char *text)
{
    assert_int_equal(send(fd, text, strlen(text), MSG_NOSIGNAL), strlen(text));
}

char *receive_all(int fd)
{
    size_t size = 0;
    char *text = malloc(1 << 20);
    ssize_t got;

    assert_non_null(text);
    while ((got = recv(fd, text + size, (1 << 20) - 1 - size, 0)) > 0)
        size += (size_t)got;
    if (got < 0)
        fail_msg("no end came: %s", strerror(errno));
    text[size] = '\0';
    (void)close(fd);
    return text;
}

size_t count_of(const char *text, const char *word)
{
    size_t count = 0;

    while ((text = strstr(text, word))) {
        count++;
        text += strlen(word);
    }
    return count;
}

void assert_contains(const char *text, const char *word)
{
    if (!strstr(text, word))
        fail_msg("no '%s' in: %s", word, text);
}

size_t server_descriptors(const struct server *server)
{
    char path[32];
    size_t count = 0;
    DIR *directory;

    (void)snprintf(path, sizeof(path), "/proc/%ld/fd", (long)server->process.pid);
    directory = opendir(path);
    assert_non_null(directory);
    while (readdir(directory))
        count++;
    (void)closedir(directory);
    return count;
}

void await_server_descriptors(const struct server *server, size_t count)
{
    for (int ms = 0; ms < 10000 && server_descriptors(server) != count; ms++)
        clock_sleep_ns(CLOCK_NS_PER_MS);
    assert_int_equal(server_descriptors(server), count);
}
