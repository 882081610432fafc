#include "row.h"

#define LITERAL(json, text) json_raw((json), (text), sizeof(text) - 1)

static void write_text(struct json *json, struct text text)
{
    if (text.bytes == NULL) {
        LITERAL(json, "null");
    } else {
        json_text(json, text.bytes, text.length);
    }
}

void row_user(struct json *json, int64_t id, struct text name, struct text email)
{
    LITERAL(json, "{\"id\":");
    json_int64(json, id);
    LITERAL(json, ",\"name\":");
    write_text(json, name);
    LITERAL(json, ",\"email\":");
    write_text(json, email);
    LITERAL(json, "}");
}

void row_order(struct json *json, int64_t id, struct text item, int64_t quantity)
{
    LITERAL(json, "{\"id\":");
    json_int64(json, id);
    LITERAL(json, ",\"item\":");
    write_text(json, item);
    LITERAL(json, ",\"quantity\":");
    json_int64(json, quantity);
    LITERAL(json, "}");
}

void row_begin(struct json *json, size_t number)
{
    json_raw(json, number == 0 ? "[" : ",", 1);
}

void row_end(struct json *json, size_t count)
{
    if (count == 0) {
        LITERAL(json, "[");
    }
    LITERAL(json, "]");
}
