#include "CGMime.h"

#include <string.h>

#include <gmime/gmime.h>

bool vortag_mime_start(void) {
    g_mime_init();
    return true;
}

void vortag_mime_free(char *text) { g_free(text); }

char *vortag_mime_ascii_address(const char *address) {
    InternetAddress *mailbox = internet_address_mailbox_new(NULL, address);
    char *written = g_strdup(internet_address_mailbox_get_idn_addr(INTERNET_ADDRESS_MAILBOX(mailbox)));
    g_object_unref(mailbox);
    return written;
}

char *vortag_mime_mailbox(const char *name, const char *address) {
    InternetAddress *mailbox = internet_address_mailbox_new(*name ? name : NULL, address);
    char *written = internet_address_to_string(mailbox, NULL, TRUE);
    g_object_unref(mailbox);
    return written;
}

struct vortag_mime_draft {
    GMimeMessage *message;
    GMimeMultipart *alternatives;
    GMimeFormatOptions *format;
};

vortag_mime_draft *vortag_mime_draft_new(const char *boundary) {
    vortag_mime_draft *draft = g_new0(vortag_mime_draft, 1);
    draft->message = g_mime_message_new(FALSE);
    draft->alternatives = g_mime_multipart_new_with_subtype("alternative");
    g_mime_multipart_set_boundary(draft->alternatives, boundary);
    draft->format = g_mime_format_options_new();
    g_mime_format_options_set_newline_format(draft->format, GMIME_NEWLINE_FORMAT_DOS);
    return draft;
}

void vortag_mime_draft_free(vortag_mime_draft *draft) {
    g_object_unref(draft->alternatives);
    g_object_unref(draft->message);
    g_mime_format_options_free(draft->format);
    g_free(draft);
}

void vortag_mime_draft_field(vortag_mime_draft *draft, const char *name, const char *value) {
    GMimeHeaderList *fields = g_mime_object_get_header_list(GMIME_OBJECT(draft->message));
    g_mime_header_list_append(fields, name, "", NULL);
    GMimeHeader *field = g_mime_header_list_get_header_at(fields, g_mime_header_list_get_count(fields) - 1);
    char *raw = g_strconcat(" ", value, "\n", NULL);
    g_mime_header_set_raw_value(field, raw);
    g_free(raw);
}

void vortag_mime_draft_text(
    vortag_mime_draft *draft, const char *subtype, const char *parameter, const char *value, const char *octets,
    size_t length, bool in_base64) {
    GMimePart *part = g_mime_part_new_with_type("text", subtype);
    g_mime_object_set_content_type_parameter(GMIME_OBJECT(part), "charset", "utf-8");
    if (parameter) g_mime_object_set_content_type_parameter(GMIME_OBJECT(part), parameter, value);
    GMimeStream *stream = g_mime_stream_mem_new_with_buffer(octets, length);
    GMimeDataWrapper *content = g_mime_data_wrapper_new_with_stream(stream, GMIME_CONTENT_ENCODING_DEFAULT);
    g_mime_part_set_content(part, content);
    g_mime_part_set_content_encoding(
        part, in_base64 ? GMIME_CONTENT_ENCODING_BASE64 : GMIME_CONTENT_ENCODING_QUOTEDPRINTABLE);
    g_mime_multipart_add(draft->alternatives, GMIME_OBJECT(part));
    g_object_unref(content);
    g_object_unref(stream);
    g_object_unref(part);
}

char *vortag_mime_draft_write(vortag_mime_draft *draft, size_t *length) {
    g_mime_message_set_mime_part(draft->message, GMIME_OBJECT(draft->alternatives));
    GMimeStream *stream = g_mime_stream_mem_new();
    ssize_t written = g_mime_object_write_to_stream(GMIME_OBJECT(draft->message), draft->format, stream);
    GByteArray *octets = g_mime_stream_mem_get_byte_array(GMIME_STREAM_MEM(stream));
    char *copy = NULL;
    *length = 0;
    if (written >= 0 && octets) {
        *length = octets->len;
        copy = g_malloc(octets->len + 1);
        memcpy(copy, octets->data, octets->len);
        copy[octets->len] = '\0';
    }
    g_object_unref(stream);
    return copy;
}

struct vortag_mime_parts {
    GMimeMessage *message;
    GPtrArray *parts;
    GArray *depths;
};

// A contained message stands for its part: the part has no fields that anybody asks for.
static void take(vortag_mime_parts *parts, GMimeObject *part, int32_t depth, int32_t deepest, size_t most) {
    if (!part || depth > deepest || parts->parts->len >= most) return;
    GMimeMessage *contained = GMIME_IS_MESSAGE_PART(part) ? g_mime_message_part_get_message(GMIME_MESSAGE_PART(part)) : NULL;
    g_ptr_array_add(parts->parts, contained ? GMIME_OBJECT(contained) : part);
    g_array_append_val(parts->depths, depth);
    if (contained) {
        take(parts, g_mime_message_get_mime_part(contained), depth + 1, deepest, most);
    } else if (GMIME_IS_MESSAGE(part)) {
        take(parts, g_mime_message_get_mime_part(GMIME_MESSAGE(part)), depth + 1, deepest, most);
    } else if (GMIME_IS_MULTIPART(part)) {
        int count = g_mime_multipart_get_count(GMIME_MULTIPART(part));
        for (int number = 0; number < count && parts->parts->len < most; number++) {
            take(parts, g_mime_multipart_get_part(GMIME_MULTIPART(part), number), depth + 1, deepest, most);
        }
    }
}

vortag_mime_parts *vortag_mime_parts_read(const char *octets, size_t length, int32_t deepest, size_t most) {
    GMimeStream *stream = g_mime_stream_mem_new_with_buffer(octets, length);
    GMimeParser *parser = g_mime_parser_new_with_stream(stream);
    GMimeMessage *message = g_mime_parser_construct_message(parser, NULL);
    g_object_unref(parser);
    g_object_unref(stream);
    if (!message) return NULL;
    vortag_mime_parts *parts = g_new0(vortag_mime_parts, 1);
    parts->message = message;
    parts->parts = g_ptr_array_new();
    parts->depths = g_array_new(FALSE, FALSE, sizeof(int32_t));
    take(parts, GMIME_OBJECT(message), 0, deepest, most);
    return parts;
}

void vortag_mime_parts_free(vortag_mime_parts *parts) {
    g_ptr_array_free(parts->parts, TRUE);
    g_array_free(parts->depths, TRUE);
    g_object_unref(parts->message);
    g_free(parts);
}

size_t vortag_mime_parts_count(const vortag_mime_parts *parts) { return parts->parts->len; }

int32_t vortag_mime_part_depth(const vortag_mime_parts *parts, size_t number) {
    return g_array_index(parts->depths, int32_t, number);
}

static GMimeObject *part_of(const vortag_mime_parts *parts, size_t number) {
    return GMIME_OBJECT(g_ptr_array_index(parts->parts, number));
}

char *vortag_mime_part_type(const vortag_mime_parts *parts, size_t number) {
    GMimeObject *part = part_of(parts, number);
    if (GMIME_IS_MESSAGE(part)) return g_strdup("message/rfc822");
    return g_mime_content_type_get_mime_type(g_mime_object_get_content_type(part));
}

char *vortag_mime_part_parameter(const vortag_mime_parts *parts, size_t number, const char *name) {
    GMimeObject *part = part_of(parts, number);
    if (GMIME_IS_MESSAGE(part)) return NULL;
    return g_strdup(g_mime_object_get_content_type_parameter(part, name));
}

char *vortag_mime_part_field(const vortag_mime_parts *parts, size_t number, const char *name) {
    return g_strdup(g_mime_object_get_header(part_of(parts, number), name));
}

char *vortag_mime_part_content(const vortag_mime_parts *parts, size_t number, size_t *length) {
    GMimeObject *part = part_of(parts, number);
    *length = 0;
    if (GMIME_IS_TEXT_PART(part)) {
        char *text = g_mime_text_part_get_text(GMIME_TEXT_PART(part));
        if (text) {
            *length = strlen(text);
            return text;
        }
    }
    if (!GMIME_IS_PART(part)) return NULL;
    GMimeDataWrapper *content = g_mime_part_get_content(GMIME_PART(part));
    if (!content) return NULL;
    GMimeStream *stream = g_mime_stream_mem_new();
    char *copy = NULL;
    if (g_mime_data_wrapper_write_to_stream(content, stream) >= 0) {
        GByteArray *octets = g_mime_stream_mem_get_byte_array(GMIME_STREAM_MEM(stream));
        *length = octets->len;
        copy = g_malloc(octets->len + 1);
        memcpy(copy, octets->data, octets->len);
        copy[octets->len] = '\0';
    }
    g_object_unref(stream);
    return copy;
}
