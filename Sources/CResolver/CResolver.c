#include "CResolver.h"

#include <arpa/inet.h>
#include <arpa/nameser.h>
#include <netdb.h>
#include <netinet/in.h>
#include <resolv.h>
#include <stdbool.h>
#include <string.h>

// Large enough for any sensible answer; what does not fit is cut, and read as far as it goes.
enum { answer_size = 16384 };

static bool prepare(res_state state, const char *server, uint16_t port, int seconds) {
    memset(state, 0, sizeof *state);
    if (res_ninit(state) != 0) return false;
    state->retrans = seconds;
    state->retry = 2;
    if (state->nscount > 2) state->nscount = 2;
    if (server == NULL) return true;
    struct sockaddr_in *place = &state->nsaddr_list[0];
    memset(place, 0, sizeof *place);
    place->sin_family = AF_INET;
    place->sin_port = htons(port);
    state->nscount = 1;
    return inet_pton(AF_INET, server, &place->sin_addr) == 1;
}

// Reads one record; false where it is of another kind or malformed.
static bool read_record(ns_msg *message, const ns_rr *record, int kind, vortag_record *result) {
    const unsigned char *data = ns_rr_rdata(*record);
    const int head = kind == vortag_resolver_srv ? 6 : 2;
    if (ns_rr_type(*record) != kind || ns_rr_class(*record) != ns_c_in || ns_rr_rdlen(*record) <= head) return false;
    memset(result, 0, sizeof *result);
    result->priority = ns_get16(data);
    if (kind == vortag_resolver_srv) {
        result->weight = ns_get16(data + 2);
        result->port = ns_get16(data + 4);
    }
    return ns_name_uncompress(ns_msg_base(*message), ns_msg_end(*message), data + head, result->target,
                              sizeof result->target) >= 0;
}

int vortag_resolver_ask(const char *name, int kind, const char *server, uint16_t port, int seconds,
                        vortag_record *records, int room) {
    struct __res_state state;
    unsigned char answer[answer_size];
    if (!prepare(&state, server, port, seconds)) return -1;
    const int length = res_nquery(&state, name, ns_c_in, kind, answer, sizeof answer);
    const int trouble = state.res_h_errno;
    res_nclose(&state);
    if (length < 0) return trouble == HOST_NOT_FOUND || trouble == NO_DATA ? 0 : -1;

    ns_msg message;
    if (ns_initparse(answer, length < answer_size ? length : answer_size, &message) != 0) return -1;
    int count = 0;
    for (int place = 0; place < ns_msg_count(message, ns_s_an) && count < room; place++) {
        ns_rr record;
        if (ns_parserr(&message, ns_s_an, place, &record) != 0) break;
        if (read_record(&message, &record, kind, &records[count])) count++;
    }
    return count;
}
