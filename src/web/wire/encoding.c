/* Which encoding of a reply the client wants (RFC 9110, Accept-Encoding). */
#include "web/wire/incoming.h"

enum { UNSAID = -1, FULL = 1000 };

/* In thousandths; 0: not wanted. */
struct weights {
    int gzip;
    int identity;
    int others;
};

/* "0", "0.25", "1.000"; what is none of these is not wanted. */
static int read_weight(struct cv_slice text)
{
    int weight = 0;
    int unit = FULL;
    for (size_t i = 0; i < text.size; i++) {
        if (i == 1 && text.data[i] == '.')
            continue;
        if (text.data[i] < '0' || text.data[i] > '9' || i == 1 || unit == 0)
            return 0;
        weight += (text.data[i] - '0') * unit;
        unit /= 10;
    }
    return text.size > 0 && weight <= FULL ? weight : 0;
}

static int weight_of(struct cv_slice parameters)
{
    while (parameters.size > 0) {
        struct cv_slice value = cv_slice_cut(&parameters, ';');
        struct cv_slice name = cv_slice_trim(cv_slice_cut(&value, '='));
        if (cv_slice_is_caseless(name, "q"))
            return read_weight(cv_slice_trim(value));
    }
    return FULL;
}

static bool see_encodings(void *arg, struct cv_slice value)
{
    struct weights *weights = arg;
    while (value.size > 0) {
        struct cv_slice parameters = cv_slice_cut(&value, ',');
        struct cv_slice name = cv_slice_trim(cv_slice_cut(&parameters, ';'));
        if (cv_slice_is_caseless(name, "gzip") || cv_slice_is_caseless(name, "x-gzip"))
            weights->gzip = weight_of(parameters);
        else if (cv_slice_is_caseless(name, "identity"))
            weights->identity = weight_of(parameters);
        else if (cv_slice_is(name, "*"))
            weights->others = weight_of(parameters);
    }
    return true;
}

bool cv_wants_gzip(const struct cv_headers *headers)
{
    struct weights weights = {UNSAID, UNSAID, UNSAID};
    if (headers->each)
        headers->each(headers->of, "Accept-Encoding", see_encodings, &weights);
    int gzip = weights.gzip == UNSAID ? weights.others : weights.gzip;
    return gzip > 0 && gzip >= weights.identity;
}
