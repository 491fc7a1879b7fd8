// The MIME library (GMime, C), behind a door that Swift can use: it hides GObject's types and its macros.
// Here: writing a message of alternatives, taking a message apart.
// Not here: what a message is for, and what may stand in it; the caller has cleaned what it gives.

#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/// Before anything else, once in a process; always true.
bool vortag_mime_start(void);

/// Gives back what a function below returned as `char *`. NULL does no harm.
void vortag_mime_free(char *text);

/// The address with its domain in ASCII (IDNA2008, RFC 5891); as it is where that cannot be. NUL-terminated.
char *vortag_mime_ascii_address(const char *address);

/// A name and an address as they stand in a field, in one line (RFC 5322 §3.4). `name` is ASCII, may be empty, may be
/// encoded words (RFC 2047); it is quoted where needed. NUL-terminated.
char *vortag_mime_mailbox(const char *name, const char *address);

/// A message that is being written. Not to be shared by threads.
typedef struct vortag_mime_draft vortag_mime_draft;

/// A message of multipart/alternative whose parts stand apart by `boundary`.
vortag_mime_draft *vortag_mime_draft_new(const char *boundary);
void vortag_mime_draft_free(vortag_mime_draft *draft);

/// A field exactly as given: ASCII, folded already, lines ending in LF.
void vortag_mime_draft_field(vortag_mime_draft *draft, const char *name, const char *value);

/// Adds an alternative of text/`subtype`, in UTF-8; the best one comes last (RFC 2046 §5.1.4).
///
/// - in_base64: written as the octets it is, in Base64; else as quoted-printable, its lines ending in LF.
/// - parameter: one more parameter of its content type; NULL for none.
void vortag_mime_draft_text(
    vortag_mime_draft *draft, const char *subtype, const char *parameter, const char *value, const char *octets,
    size_t length, bool in_base64);

/// The message with lines that end in CRLF, not NUL-terminated; NULL for want of memory.
char *vortag_mime_draft_write(vortag_mime_draft *draft, size_t *length);

/// A message taken apart: number 0 is the message itself, then what it contains, the outer before the inner.
/// A contained message is a part that has that message's fields. Not to be shared by threads.
typedef struct vortag_mime_parts vortag_mime_parts;

/// NULL where it cannot be read as a message at all. `octets` must live as long as the parts. What lies deeper than
/// `deepest` or comes after `most` parts is left out.
vortag_mime_parts *vortag_mime_parts_read(const char *octets, size_t length, int32_t deepest, size_t most);
void vortag_mime_parts_free(vortag_mime_parts *parts);
size_t vortag_mime_parts_count(const vortag_mime_parts *parts);

/// How deep a part lies; 0 for the message itself.
int32_t vortag_mime_part_depth(const vortag_mime_parts *parts, size_t number);

/// `type/subtype` in the sender's case; `message/rfc822` for the message itself. NUL-terminated.
char *vortag_mime_part_type(const vortag_mime_parts *parts, size_t number);

/// A parameter of its content type; NULL where it has none of that name. NUL-terminated.
char *vortag_mime_part_parameter(const vortag_mime_parts *parts, size_t number, const char *name);

/// The first field of that name, unfolded and decoded; NULL where there is none. NUL-terminated.
char *vortag_mime_part_field(const vortag_mime_parts *parts, size_t number, const char *name);

/// What the part holds, decoded; of text, in UTF-8. NULL for what only contains others.
char *vortag_mime_part_content(const vortag_mime_parts *parts, size_t number, size_t *length);

#ifdef __cplusplus
}
#endif
