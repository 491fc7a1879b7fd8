// libcurl, with plain functions in place of those that take any number of arguments, which Swift cannot call.
// Here: setting options, asking for figures, taking what is done from a multi handle.
// Not here: any choice of option; those are made in the room Transfer.

#pragma once

#include <curl/curl.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/// Takes bytes of a header line or of a body; returns how many it took, and fewer ends the transfer.
typedef size_t (*vortag_curl_receiver)(char *bytes, size_t size, size_t count, void *context);

/// Asked once a connection stands and before a request goes out on it; 0 lets it.
typedef int (*vortag_curl_gate)(void *context, char *remote_address, char *local_address, int remote_port,
                                int local_port);

/// Before anything else, once in a process.
bool vortag_curl_start(void);

CURLcode vortag_curl_set_number(CURL *transfer, CURLoption option, long value);
CURLcode vortag_curl_set_text(CURL *transfer, CURLoption option, const char *value);
CURLcode vortag_curl_set_headers(CURL *transfer, struct curl_slist *headers);
/// The bytes are copied.
CURLcode vortag_curl_set_body(CURL *transfer, const void *bytes, size_t count);
CURLcode vortag_curl_set_receivers(CURL *transfer, vortag_curl_receiver header, vortag_curl_receiver body,
                                   vortag_curl_gate gate, void *context);

/// Asked for a socket before a connection is begun; CURL_SOCKET_BAD leaves that address out.
CURLcode vortag_curl_set_opener(CURL *transfer, curl_opensocket_callback opener, void *context);
/// Writes an IPv4 or IPv6 address as text; false for any other, or where there is no room.
bool vortag_curl_address_text(const struct curl_sockaddr *address, char *text, size_t size);

/// A figure of CURLINFO_…, 0 where it is not known.
long vortag_curl_number(CURL *transfer, CURLINFO figure);

/// The same for those that are counted in curl_off_t, such as times in microseconds.
int64_t vortag_curl_large_number(CURL *transfer, CURLINFO figure);
/// The socket of a connection that stays open; CURL_SOCKET_BAD where there is none.
curl_socket_t vortag_curl_socket(CURL *transfer);

/// Asked about once a second while libcurl works; anything but 0 ends the transfer.
CURLcode vortag_curl_set_watch(CURL *transfer, curl_xferinfo_callback watch, void *context);

CURLMcode vortag_curl_multi_set_number(CURLM *multi, CURLMoption option, long value);

/// The next transfer that has come to its end, with its result; false where there is none.
bool vortag_curl_next_done(CURLM *multi, CURL **transfer, CURLcode *result);
