// Questions to name servers, over the C library's resolver: SRV and MX.
// Here: one question, one answer, with a deadline. Blocks.
// Not here: which names are asked for, and what an answer means.

#pragma once

#include <stdint.h>

enum { vortag_resolver_srv = 33, vortag_resolver_mx = 15 };

/// SRV (RFC 2782): all of it. MX (RFC 5321 §5.1): priority and target alone.
typedef struct {
    uint16_t priority;
    uint16_t weight;
    uint16_t port;
    /// Without a dot at its end; empty for the root.
    char target[256];
} vortag_record;

/// Asks for the records of a name.
///
/// `server` is an IPv4 address as text, or NULL for those of the system. Each of at most two servers is asked twice, for
/// `seconds` each time. Returns how many records were written, 0 where there are none, -1 where nobody answered.
int vortag_resolver_ask(const char *name, int kind, const char *server, uint16_t port, int seconds,
                        vortag_record *records, int room);
