#include "CCurl.h"

#include <arpa/inet.h>
#include <netinet/in.h>

bool vortag_curl_start(void) { return curl_global_init(CURL_GLOBAL_DEFAULT) == CURLE_OK; }

CURLcode vortag_curl_set_number(CURL *transfer, CURLoption option, long value) {
    return curl_easy_setopt(transfer, option, value);
}

CURLcode vortag_curl_set_text(CURL *transfer, CURLoption option, const char *value) {
    return curl_easy_setopt(transfer, option, value);
}

CURLcode vortag_curl_set_headers(CURL *transfer, struct curl_slist *headers) {
    return curl_easy_setopt(transfer, CURLOPT_HTTPHEADER, headers);
}

CURLcode vortag_curl_set_body(CURL *transfer, const void *bytes, size_t count) {
    // The size comes first: without it the copy would end at the first NUL.
    CURLcode result = curl_easy_setopt(transfer, CURLOPT_POSTFIELDSIZE_LARGE, (curl_off_t)count);
    return result == CURLE_OK ? curl_easy_setopt(transfer, CURLOPT_COPYPOSTFIELDS, bytes) : result;
}

CURLcode vortag_curl_set_receivers(CURL *transfer, vortag_curl_receiver header, vortag_curl_receiver body,
                                   vortag_curl_gate gate, void *context) {
    CURLcode result = curl_easy_setopt(transfer, CURLOPT_HEADERFUNCTION, header);
    if (result == CURLE_OK) result = curl_easy_setopt(transfer, CURLOPT_HEADERDATA, context);
    if (result == CURLE_OK) result = curl_easy_setopt(transfer, CURLOPT_WRITEFUNCTION, body);
    if (result == CURLE_OK) result = curl_easy_setopt(transfer, CURLOPT_WRITEDATA, context);
    if (result == CURLE_OK) result = curl_easy_setopt(transfer, CURLOPT_PREREQFUNCTION, gate);
    if (result == CURLE_OK) result = curl_easy_setopt(transfer, CURLOPT_PREREQDATA, context);
    return result;
}

CURLcode vortag_curl_set_opener(CURL *transfer, curl_opensocket_callback opener, void *context) {
    CURLcode result = curl_easy_setopt(transfer, CURLOPT_OPENSOCKETFUNCTION, opener);
    return result == CURLE_OK ? curl_easy_setopt(transfer, CURLOPT_OPENSOCKETDATA, context) : result;
}

bool vortag_curl_address_text(const struct curl_sockaddr *address, char *text, size_t size) {
    const void *octets;
    if (address->family == AF_INET) {
        octets = &((const struct sockaddr_in *)&address->addr)->sin_addr;
    } else if (address->family == AF_INET6) {
        octets = &((const struct sockaddr_in6 *)&address->addr)->sin6_addr;
    } else {
        return false;
    }
    return inet_ntop(address->family, octets, text, (socklen_t)size) != NULL;
}

long vortag_curl_number(CURL *transfer, CURLINFO figure) {
    long value = 0;
    return curl_easy_getinfo(transfer, figure, &value) == CURLE_OK ? value : 0;
}

int64_t vortag_curl_large_number(CURL *transfer, CURLINFO figure) {
    curl_off_t value = 0;
    return curl_easy_getinfo(transfer, figure, &value) == CURLE_OK ? value : 0;
}

curl_socket_t vortag_curl_socket(CURL *transfer) {
    curl_socket_t socket = CURL_SOCKET_BAD;
    return curl_easy_getinfo(transfer, CURLINFO_ACTIVESOCKET, &socket) == CURLE_OK ? socket : CURL_SOCKET_BAD;
}

CURLcode vortag_curl_set_watch(CURL *transfer, curl_xferinfo_callback watch, void *context) {
    CURLcode result = curl_easy_setopt(transfer, CURLOPT_XFERINFOFUNCTION, watch);
    if (result == CURLE_OK) result = curl_easy_setopt(transfer, CURLOPT_XFERINFODATA, context);
    return result == CURLE_OK ? curl_easy_setopt(transfer, CURLOPT_NOPROGRESS, 0L) : result;
}

CURLMcode vortag_curl_multi_set_number(CURLM *multi, CURLMoption option, long value) {
    return curl_multi_setopt(multi, option, value);
}

bool vortag_curl_next_done(CURLM *multi, CURL **transfer, CURLcode *result) {
    int waiting = 0;
    CURLMsg *message;
    while ((message = curl_multi_info_read(multi, &waiting)) != NULL) {
        if (message->msg != CURLMSG_DONE) continue;
        *transfer = message->easy_handle;
        *result = message->data.result;
        return true;
    }
    return false;
}
