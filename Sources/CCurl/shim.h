// What Swift cannot call in libcurl as it is: the variadic setopt, getinfo and multi_setopt. Each shim has one
// argument type; the parentheses around the function's name keep curl's type-checking macro of that name out.
// Manual: https://curl.se/libcurl/c/curl_easy_setopt.html
#ifndef ECR_SHARE_CCURL_SHIM_H
#define ECR_SHARE_CCURL_SHIM_H

#if defined(__has_include) && !__has_include(<curl/curl.h>)
#error "ecr-share needs the libcurl headers. Debian and Ubuntu: sudo apt-get install libcurl4-openssl-dev (or run scripts/setup)"
#endif

#include <curl/curl.h>
#include <stdbool.h>
#ifdef __linux__
// For whoever watches libcurl's sockets; Swift's module of the C library leaves it out.
#include <sys/epoll.h>
#endif
#include <unistd.h>

static inline CURLcode ecrshare_setopt_long(CURL *easy, CURLoption option, long value) {
    return (curl_easy_setopt)(easy, option, value);
}
static inline CURLcode ecrshare_setopt_offset(CURL *easy, CURLoption option, curl_off_t value) {
    return (curl_easy_setopt)(easy, option, value);
}
static inline CURLcode ecrshare_setopt_string(CURL *easy, CURLoption option, const char *value) {
    return (curl_easy_setopt)(easy, option, value);
}
static inline CURLcode ecrshare_setopt_pointer(CURL *easy, CURLoption option, void *value) {
    return (curl_easy_setopt)(easy, option, value);
}
static inline CURLcode ecrshare_setopt_slist(CURL *easy, CURLoption option, struct curl_slist *value) {
    return (curl_easy_setopt)(easy, option, value);
}
typedef size_t (*ecrshare_data_callback)(char *data, size_t size, size_t count, void *context);
static inline CURLcode ecrshare_setopt_data_callback(CURL *easy, CURLoption option, ecrshare_data_callback value) {
    return (curl_easy_setopt)(easy, option, value);
}
static inline CURLcode ecrshare_getinfo_long(CURL *easy, CURLINFO info, long *value) {
    return (curl_easy_getinfo)(easy, info, value);
}
static inline CURLcode ecrshare_getinfo_pointer(CURL *easy, CURLINFO info, void **value) {
    return (curl_easy_getinfo)(easy, info, value);
}
static inline CURLMcode ecrshare_multi_setopt_long(CURLM *multi, CURLMoption option, long value) {
    return (curl_multi_setopt)(multi, option, value);
}
static inline CURLMcode ecrshare_multi_setopt_socket_callback(
    CURLM *multi, curl_socket_callback callback, void *context) {
    (void)(curl_multi_setopt)(multi, CURLMOPT_SOCKETDATA, context);
    return (curl_multi_setopt)(multi, CURLMOPT_SOCKETFUNCTION, callback);
}
static inline CURLMcode ecrshare_multi_setopt_timer_callback(
    CURLM *multi, curl_multi_timer_callback callback, void *context) {
    (void)(curl_multi_setopt)(multi, CURLMOPT_TIMERDATA, context);
    return (curl_multi_setopt)(multi, CURLMOPT_TIMERFUNCTION, callback);
}

// Whether a file can be read; here because it is asked about the path that libcurl itself would use.
static inline bool ecrshare_is_readable(const char *path) {
    return path != NULL && access(path, R_OK) == 0;
}

#endif
