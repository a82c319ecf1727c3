/* libraries.c - see libraries.h. */
#include "harness/sweep/libraries.h"

#include <curl/curl.h>
#include <event2/event.h>
#include <jansson.h>
#include <libdeflate.h>
#include <openssl/crypto.h>
#include <zlib.h>

static const char *resolver_of(const curl_version_info_data *curl)
{
    if (curl->ares)
        return "c-ares";
    return curl->features & CURL_VERSION_ASYNCHDNS ? "threaded" : "blocking";
}

struct libraries libraries_in_use(void)
{
    const curl_version_info_data *curl = curl_version_info(CURLVERSION_NOW);

    return (struct libraries){
        .libcurl = curl->version,
        .tls = curl->ssl_version,
        .resolver = resolver_of(curl),
        .openssl = OpenSSL_version(OPENSSL_VERSION_STRING),
        .libevent = event_get_version(),
        .zlib = zlibVersion(),
        .libdeflate = LIBDEFLATE_VERSION_STRING,
        .jansson = jansson_version_str(),
    };
}
