#include "CCurl.h"

#include <dlfcn.h>
#include <pthread.h>
#include <stdio.h>
#include <unistd.h>

// Each function by its name and its type in libcurl's headers.
#define FUNCTIONS(F)                                                                                                   \
    F(global_init)                                                                                                     \
    F(easy_init) F(easy_cleanup) F(easy_strerror) F(easy_setopt) F(easy_getinfo)                                       \
    F(multi_init) F(multi_cleanup) F(multi_add_handle) F(multi_remove_handle)                                          \
    F(multi_socket_action) F(multi_info_read) F(multi_setopt)                                                          \
    F(slist_append) F(slist_free_all)

#define POINTER(name) __typeof__(curl_##name) *name;
static struct { FUNCTIONS(POINTER) } curl;

// By the name that programs are linked with: it changes with the interface of the library.
static const char *const names[] = {
#ifdef __APPLE__
    "/usr/lib/libcurl.4.dylib",
#else
    "libcurl.so.4", "libcurl-gnutls.so.4",
#endif
};

static char problem[512];
static pthread_once_t once = PTHREAD_ONCE_INIT;

static void load(void) {
    void *library = NULL;
    for (size_t i = 0; library == NULL && i < sizeof names / sizeof *names; i++) {
        library = dlopen(names[i], RTLD_NOW | RTLD_LOCAL);
        if (library == NULL && problem[0] == 0) {
            snprintf(problem, sizeof problem, "libcurl cannot be loaded, install it (Debian and Ubuntu: libcurl4): %s",
                     dlerror());
        }
    }
    if (library == NULL) return;
    problem[0] = 0;
#define FIND(name)                                                                                                     \
    if ((*(void **)&curl.name = dlsym(library, "curl_" #name)) == NULL)                                                \
        snprintf(problem, sizeof problem, "libcurl has no curl_%s, install a newer one", #name);
    FUNCTIONS(FIND)
    if (problem[0] == 0 && curl.global_init(CURL_GLOBAL_DEFAULT) != CURLE_OK) {
        snprintf(problem, sizeof problem, "libcurl cannot be initialized");
    }
}

const char *ecrshare_curl_load(void) {
    pthread_once(&once, load);
    return problem[0] == 0 ? NULL : problem;
}

CURL *ecrshare_curl_easy_init(void) { return curl.easy_init(); }
void ecrshare_curl_easy_cleanup(CURL *easy) { curl.easy_cleanup(easy); }
const char *ecrshare_curl_easy_strerror(CURLcode code) {
    return ecrshare_curl_load() == NULL ? curl.easy_strerror(code) : "libcurl cannot be used";
}
CURLcode ecrshare_curl_setopt_long(CURL *easy, CURLoption option, long value) {
    return curl.easy_setopt(easy, option, value);
}
CURLcode ecrshare_curl_setopt_offset(CURL *easy, CURLoption option, curl_off_t value) {
    return curl.easy_setopt(easy, option, value);
}
CURLcode ecrshare_curl_setopt_string(CURL *easy, CURLoption option, const char *value) {
    return curl.easy_setopt(easy, option, value);
}
CURLcode ecrshare_curl_setopt_pointer(CURL *easy, CURLoption option, void *value) {
    return curl.easy_setopt(easy, option, value);
}
CURLcode ecrshare_curl_setopt_slist(CURL *easy, CURLoption option, struct curl_slist *value) {
    return curl.easy_setopt(easy, option, value);
}
CURLcode ecrshare_curl_setopt_data_callback(CURL *easy, CURLoption option, ecrshare_curl_data_callback value) {
    return curl.easy_setopt(easy, option, value);
}
CURLcode ecrshare_curl_getinfo_long(CURL *easy, CURLINFO info, long *value) {
    return curl.easy_getinfo(easy, info, value);
}
CURLcode ecrshare_curl_getinfo_pointer(CURL *easy, CURLINFO info, void **value) {
    return curl.easy_getinfo(easy, info, value);
}

CURLM *ecrshare_curl_multi_init(void) { return curl.multi_init(); }
CURLMcode ecrshare_curl_multi_cleanup(CURLM *multi) { return curl.multi_cleanup(multi); }
CURLMcode ecrshare_curl_multi_add_handle(CURLM *multi, CURL *easy) { return curl.multi_add_handle(multi, easy); }
CURLMcode ecrshare_curl_multi_remove_handle(CURLM *multi, CURL *easy) { return curl.multi_remove_handle(multi, easy); }
CURLMcode ecrshare_curl_multi_socket_action(CURLM *multi, curl_socket_t socket, int events, int *running) {
    return curl.multi_socket_action(multi, socket, events, running);
}
CURLMsg *ecrshare_curl_multi_info_read(CURLM *multi, int *left) { return curl.multi_info_read(multi, left); }
CURLMcode ecrshare_curl_multi_setopt_long(CURLM *multi, CURLMoption option, long value) {
    return curl.multi_setopt(multi, option, value);
}
CURLMcode ecrshare_curl_multi_setopt_socket_callback(CURLM *multi, curl_socket_callback callback, void *context) {
    (void)curl.multi_setopt(multi, CURLMOPT_SOCKETDATA, context);
    return curl.multi_setopt(multi, CURLMOPT_SOCKETFUNCTION, callback);
}
CURLMcode ecrshare_curl_multi_setopt_timer_callback(CURLM *multi, curl_multi_timer_callback callback, void *context) {
    (void)curl.multi_setopt(multi, CURLMOPT_TIMERDATA, context);
    return curl.multi_setopt(multi, CURLMOPT_TIMERFUNCTION, callback);
}

struct curl_slist *ecrshare_curl_slist_append(struct curl_slist *list, const char *text) {
    return curl.slist_append(list, text);
}
void ecrshare_curl_slist_free_all(struct curl_slist *list) { curl.slist_free_all(list); }

bool ecrshare_is_readable(const char *path) { return path != NULL && access(path, R_OK) == 0; }
