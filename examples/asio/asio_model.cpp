// asio_model.cpp - one thread, Boost.Asio and Beast: one C++20 coroutine per request in flight.
#include <bench/plugin.h>
#include <utility> // Boost 1.74 forgets it
#include <boost/asio.hpp>
#include <boost/beast.hpp>

namespace asio = boost::asio;
namespace http = boost::beast::http;
using asio::use_awaitable;
using boost::beast::tcp_stream;

static auto moment(uint64_t ns) { return asio::steady_timer::time_point(std::chrono::nanoseconds(ns)); }
struct Target { asio::ip::tcp::endpoint server; std::string request; };
struct Model {
    struct strategy_env env;
    std::vector<Target> targets = {};
    asio::io_context context = {};
    std::vector<tcp_stream> streams = {}; // one per coroutine
};

static Target make_target(const char *text)
{
    struct url url;
    struct sockaddr_in server;
    if (url_parse(&url, text, nullptr) || !url_ipv4_server(&url, &server)) return {};
    std::unique_ptr<char, decltype(&std::free)> request(url_request(&url), std::free);
    url_free(&url);
    return {{asio::ip::address_v4(ntohl(server.sin_addr.s_addr)), ntohs(server.sin_port)}, request.get()};
}

// One request and its response. Returns whether the server keeps the connection.
static asio::awaitable<bool> exchange(tcp_stream &stream, const Target &target,
                                      struct fetch_result *result, struct response *response)
{
    if (!stream.socket().is_open()) {
        co_await stream.async_connect(target.server, use_awaitable);
        result->connections++; // compared with the origin's count
    }
    co_await asio::async_write(stream, asio::buffer(target.request), use_awaitable);
    boost::beast::flat_buffer buffer;
    http::response_parser<http::string_body> parser;
    parser.body_limit(RESPONSE_BODY_CAP_BYTES);
    co_await http::async_read_header(stream, buffer, parser, use_awaitable);
    for (const auto &field : parser.get()) {
        auto line = std::string(field.name_string()) + ": " + std::string(field.value()) + "\r\n";
        (void)response_header(response, line.data(), line.size());
    }
    (void)response_header(response, "\r\n", 2);
    co_await http::async_read(stream, buffer, parser, use_awaitable);
    (void)response_body(response, parser.get().body().data(), parser.get().body().size());
    result->http_status = static_cast<uint16_t>(parser.get().result_int());
    co_return parser.keep_alive();
}

// Fetches one page after another, beside the other coroutines.
static asio::awaitable<void> worker(Model &model, tcp_stream &stream)
{
    asio::steady_timer due(model.context);
    struct work_item item;
    while (work_take(model.env.work, 0, &item)) {
        due.expires_at(moment(item.due_ns));
        if (item.due_ns) co_await due.async_wait(use_awaitable);
        struct fetch_result *result = item.result;
        struct response response;
        fetch_outcome outcome;
        response_begin(&response, item.expect);
        result->start_ns = clock_ns();
        uint64_t end_ns = result->start_ns + model.env.policy->timeout_ms * 1000000ull;
        stream.expires_at(moment(result->stop_ns ? std::min(end_ns, result->stop_ns) : end_ns));
        try {
            const Target &target = model.targets[work_target_of(model.env.work, item.index)];
            bool kept = co_await exchange(stream, target, result, &response);
            if (!kept || !model.env.policy->reuse_connections) stream.close();
            outcome = response_judge(&response, result->http_status);
        } catch (const boost::system::system_error &error) {
            stream.close();
            outcome = error.code() == boost::beast::error::timeout ? FETCH_TIMED_OUT
                      : result->connections ? FETCH_IO_FAILED : FETCH_CONNECT_FAILED;
        }
        response_record(&response, result);
        result->encoded_bytes = result->body_bytes;
        result->end_ns = clock_ns();
        result->outcome = outcome; // last
    }
}

static int model_open(void **self, const struct strategy_env *env, struct err *err)
{
    std::unique_ptr<Model> model(new Model{*env});
    for (size_t i = 0; i < work_target_count(env->work); i++) {
        const char *url = work_target_url(env->work, i);
        model->targets.push_back(make_target(url));
        if (model->targets.back().request.empty()) return err_set(err, "cannot fetch '%s'", url);
    }
    for (unsigned i = 0; i < env->level; i++) model->streams.emplace_back(model->context);
    *self = model.release();
    return 0;
}

static const struct strategy coroutines = {
    .name = "asio",
    .summary = "one thread, Boost.Asio: a C++20 coroutine per request in flight",
    .waits = "the loop, in epoll_wait(), for all requests",
    .shared = "nothing: one connection per coroutine",
    .sessions = "none: it has no TLS",
    .plain_http_only = true,
    .needs = {.descriptors = 1, .memory_bytes = 32 * 1024},
    .open = model_open,
    .run = [](void *self, struct err *) {
        auto *model = static_cast<Model *>(self);
        for (auto &stream : model->streams) asio::co_spawn(model->context, worker(*model, stream), asio::detached);
        model->context.restart();
        model->context.run();
        return 0;
    },
    .close = [](void *self) { delete static_cast<Model *>(self); },
};

extern "C" const struct bench_plugin bench_plugin = {BENCH_PLUGIN_ABI, &coroutines};
