// plugin_model.cpp - a plugin in C++20 for e2e/plugins.sh: a level of requests in flight
// on libcurl's own loop.
#include <algorithm>
#include <memory>

#include <bench/plugin.h>

namespace
{

struct close_flight {
    void operator()(flight *open) const
    {
        flight_close(open);
    }
};

using owned_flight = std::unique_ptr<flight, close_flight>;

int open_model(void **self, const strategy_env *env, err *err)
{
    flight *opened = nullptr;

    if (flight_open(&opened, env->work, env->policy, env->level, 0, err))
        return -1;
    *self = new owned_flight(opened);
    return 0;
}

// Until the next request of a rate is due.
int wait_ms(const flight *flight)
{
    uint64_t due_ns = flight_due_ns(flight);
    uint64_t now_ns = clock_ns();
    uint64_t wait_ns = due_ns > now_ns ? due_ns - now_ns : 0;

    return static_cast<int>(std::min<uint64_t>(wait_ns / 1000000 + 1, 1000));
}

int run_model(void *self, err *err)
{
    flight *flight = static_cast<owned_flight *>(self)->get();
    CURLM *multi = flight_multi(flight);
    CURLMcode code = CURLM_OK;
    int running = 0;

    flight_launch(flight, nullptr, 0);
    while (code == CURLM_OK && flight_in_flight(flight)) {
        code = curl_multi_perform(multi, &running);
        if (!flight_reap(flight) && code == CURLM_OK && flight_in_flight(flight))
            code = curl_multi_poll(multi, nullptr, 0, wait_ms(flight), nullptr);
    }
    return code == CURLM_OK ? 0 : err_set(err, "%s", curl_multi_strerror(code));
}

void close_model(void *self)
{
    delete static_cast<owned_flight *>(self);
}

constexpr strategy model = [] {
    strategy made{};
    made.name = "cpp-flight";
    made.summary = "libcurl's own loop, in C++20";
    made.multi = true;
    made.needs.descriptors = 1;
    made.open = open_model;
    made.run = run_model;
    made.close = close_model;
    return made;
}();

} // namespace

const struct bench_plugin bench_plugin = {BENCH_PLUGIN_ABI, &model};
