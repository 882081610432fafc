#include "web/reply/file.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "web/reply/begin.h"
#include "web/wire/content_type.h"
#include "web/wire/http_date.h"
#include "web/wire/range.h"

/* What a client can know a file's content by. */
struct version {
    char etag[48];
    char date[CV_HTTP_DATE_SIZE];
};

static void describe(const struct stat *file, struct version *version)
{
    snprintf(version->etag, sizeof version->etag, "\"%" PRIx64 "-%lx-%" PRIx64 "\"", (uint64_t)file->st_mtim.tv_sec,
             (unsigned long)file->st_mtim.tv_nsec, (uint64_t)file->st_size);
    cv_http_date(file->st_mtim.tv_sec, version->date);
}

/* The date is compared as a text: clients send back what they were given, and nothing else says more than the ETag. */
static bool is_known(const cuvee_request *request, const struct version *version)
{
    struct cv_slice none_of = cv_request_header(request, "If-None-Match");
    if (none_of.data)
        return cv_header_has(request, "If-None-Match", version->etag) || cv_slice_is(none_of, "*");
    return cv_slice_is(cv_request_header(request, "If-Modified-Since"), version->date);
}

static bool wants_part(const cuvee_request *request, const struct version *version)
{
    struct cv_slice condition = cv_request_header(request, "If-Range");
    return !condition.data || cv_slice_is(condition, version->etag) || cv_slice_is(condition, version->date);
}

static bool add_version(cuvee_request *request, const struct version *version)
{
    const char *etag = cv_keep_text(request, version->etag);
    const char *date = cv_keep_text(request, version->date);
    return etag && date && cv_add_header(request, "ETag", etag) && cv_add_header(request, "Last-Modified", date) &&
           cv_add_header(request, "Accept-Ranges", "bytes");
}

/* Sets which part of the file is sent. */
static void reply_part(cuvee_request *request, enum cv_range range, uint64_t size)
{
    struct cv_reply *reply = request->reply;
    uint64_t last = reply->file_begin + reply->file_size - 1;
    char text[80];
    snprintf(text, sizeof text, "bytes %" PRIu64 "-%" PRIu64 "/%" PRIu64, reply->file_begin, last, size);
    if (range == CV_RANGE_BAD) {
        snprintf(text, sizeof text, "bytes */%" PRIu64, size);
        cuvee_reply_error(request, 416, NULL);
    } else {
        reply->status = 206;
        reply->exact = true;
    }
    const char *kept = cv_keep_text(request, text);
    if (kept)
        cv_add_header(request, "Content-Range", kept);
}

static void reply_content(cuvee_request *request, const struct stat *file, const struct version *version)
{
    struct cv_reply *reply = request->reply;
    uint64_t size = (uint64_t)file->st_size;
    enum cv_range range = CV_RANGE_ALL;
    reply->file_begin = 0;
    reply->file_size = size;
    if (wants_part(request, version))
        range = cv_range_read(cv_request_header(request, "Range"), size, &reply->file_begin, &reply->file_size);
    if (add_version(request, version) && range != CV_RANGE_ALL)
        reply_part(request, range, size);
}

/* Begins a reply that has the file, and takes it over. False: it is no regular one, or the request has failed. */
static bool begin_file(cuvee_request *request, int fd, const char *content_type, struct stat *file)
{
    if (!cv_begin_good(request, content_type)) {
        close(fd);
        return false;
    }
    request->reply->file = fd;
    if (fstat(fd, file) == 0 && S_ISREG(file->st_mode))
        return true;
    cuvee_reply_error(request, 404, NULL);
    return false;
}

void cv_reply_error_file(cuvee_request *request, int fd, const char *content_type, int status)
{
    struct stat file;
    if (!begin_file(request, fd, content_type, &file))
        return;
    request->reply->status = status;
    request->reply->exact = true;
    request->reply->file_begin = 0;
    request->reply->file_size = (uint64_t)file.st_size;
}

void cv_reply_open_file(cuvee_request *request, int fd, const char *content_type)
{
    struct stat file;
    struct version version;
    if (!begin_file(request, fd, content_type, &file))
        return;
    describe(&file, &version);
    if (is_known(request, &version)) {
        cv_reply_begin(request->reply, 304, NULL);
        request->reply->exact = true;
        add_version(request, &version);
    } else {
        reply_content(request, &file, &version);
    }
}

void cuvee_reply_file(cuvee_request *request, const char *path, const char *content_type)
{
    if (request->failed)
        return;
    int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK); /* a pipe must not hold up the worker */
    if (fd >= 0)
        cv_reply_open_file(request, fd, content_type ? content_type : cv_content_type(path));
    else if (errno == ENOENT || errno == ENOTDIR)
        cuvee_reply_error(request, 404, NULL);
    else
        cv_fail(request, "%s cannot read %s", request->endpoint->name, path);
}
