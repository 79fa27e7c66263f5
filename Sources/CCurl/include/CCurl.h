// libcurl, loaded when the first request is made.
//
// With all that it links, libcurl takes longer to load than the rest of the program to start, and what needs no network
// (checking a matrix, rendering policies, reading a run, help) should not wait for it. So nothing is linked: the
// headers are libcurl's, and each function that is used has a stand-in here that calls it. The variadic ones, which
// Swift cannot call, have one for each type of argument.
//
// ecrshare_curl_load() comes before all others, which must not be called where it gives a reason.
// Manual: https://curl.se/libcurl/c/
#ifndef ECR_SHARE_CCURL_H
#define ECR_SHARE_CCURL_H

#if defined(__has_include) && !__has_include(<curl/curl.h>)
#error "ecr-share needs the libcurl headers. Debian and Ubuntu: sudo apt-get install libcurl4-openssl-dev (or run scripts/setup)"
#endif

#include <curl/curl.h>
#include <stdbool.h>
#ifdef __linux__
// For whoever watches libcurl's sockets; Swift's module of the C library leaves it out.
#include <sys/epoll.h>
#endif

// Loads and initializes libcurl once; any number of threads may call it. NULL, or why it cannot be used.
const char *ecrshare_curl_load(void);

CURL *ecrshare_curl_easy_init(void);
void ecrshare_curl_easy_cleanup(CURL *easy);
const char *ecrshare_curl_easy_strerror(CURLcode code);
CURLcode ecrshare_curl_setopt_long(CURL *easy, CURLoption option, long value);
CURLcode ecrshare_curl_setopt_offset(CURL *easy, CURLoption option, curl_off_t value);
CURLcode ecrshare_curl_setopt_string(CURL *easy, CURLoption option, const char *value);
CURLcode ecrshare_curl_setopt_pointer(CURL *easy, CURLoption option, void *value);
CURLcode ecrshare_curl_setopt_slist(CURL *easy, CURLoption option, struct curl_slist *value);
typedef size_t (*ecrshare_curl_data_callback)(char *data, size_t size, size_t count, void *context);
CURLcode ecrshare_curl_setopt_data_callback(CURL *easy, CURLoption option, ecrshare_curl_data_callback value);
CURLcode ecrshare_curl_getinfo_long(CURL *easy, CURLINFO info, long *value);
CURLcode ecrshare_curl_getinfo_pointer(CURL *easy, CURLINFO info, void **value);

CURLM *ecrshare_curl_multi_init(void);
CURLMcode ecrshare_curl_multi_cleanup(CURLM *multi);
CURLMcode ecrshare_curl_multi_add_handle(CURLM *multi, CURL *easy);
CURLMcode ecrshare_curl_multi_remove_handle(CURLM *multi, CURL *easy);
CURLMcode ecrshare_curl_multi_socket_action(CURLM *multi, curl_socket_t socket, int events, int *running);
CURLMsg *ecrshare_curl_multi_info_read(CURLM *multi, int *left);
CURLMcode ecrshare_curl_multi_setopt_long(CURLM *multi, CURLMoption option, long value);
CURLMcode ecrshare_curl_multi_setopt_socket_callback(CURLM *multi, curl_socket_callback callback, void *context);
CURLMcode ecrshare_curl_multi_setopt_timer_callback(CURLM *multi, curl_multi_timer_callback callback, void *context);

struct curl_slist *ecrshare_curl_slist_append(struct curl_slist *list, const char *text);
void ecrshare_curl_slist_free_all(struct curl_slist *list);

// Whether a file can be read; here because it is asked about the path that libcurl itself would use.
bool ecrshare_is_readable(const char *path);

#endif
