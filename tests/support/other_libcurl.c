/* other_libcurl.c - put in front by LD_PRELOAD, it makes libcurl say another version. */
#include <curl/curl.h>
#include <dlfcn.h>
#include <stdlib.h>

curl_version_info_data *curl_version_info(CURLversion age)
{
    static curl_version_info_data other;
    curl_version_info_data *(*real)(CURLversion);

    /* As dlsym(3) has it: ISO C knows no way from an object to a function. */
    *(void **)&real = dlsym(RTLD_NEXT, "curl_version_info");
    if (!real)
        abort();
    other = *real(age);
    other.version = "99.1.2-other";
    return &other;
}
