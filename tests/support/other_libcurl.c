/* other_libcurl.c - for LD_PRELOAD: makes libcurl report another version. */
#include <curl/curl.h>
#include <dlfcn.h>
#include <stdlib.h>

curl_version_info_data *curl_version_info(CURLversion age)
{
    static curl_version_info_data other;
    curl_version_info_data *(*real)(CURLversion);

    /* As in dlsym(3): ISO C has no conversion from an object pointer to a function
     * pointer. */
    *(void **)&real = dlsym(RTLD_NEXT, "curl_version_info");
    if (!real)
        abort();
    other = *real(age);
    other.version = "99.1.2-other";
    return &other;
}
