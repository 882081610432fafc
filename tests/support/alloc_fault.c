#include "support/alloc_fault.h"

#include <assert.h>
#include <jansson.h>
#include <sqlite3.h>
#include <stdatomic.h>

/* The linker's --wrap names: the real functions, and ours that stand in for them. */
void *__real_malloc(size_t size);
void *__real_calloc(size_t count, size_t size);
void *__real_realloc(void *old, size_t size);
void *__wrap_malloc(size_t size);
void *__wrap_calloc(size_t count, size_t size);
void *__wrap_realloc(void *old, size_t size);

static atomic_size_t left;    /* allocations until one fails; 0: none will */
static atomic_bool once;      /* only that one */
static atomic_bool happening; /* it came to that one */

static bool fails(void)
{
    if (happening)
        return !once;
    if (left == 0 || --left > 0)
        return false;
    happening = true;
    return true;
}

void *__wrap_malloc(size_t size)
{
    return fails() ? NULL : __real_malloc(size);
}

void *__wrap_calloc(size_t count, size_t size)
{
    return fails() ? NULL : __real_calloc(count, size);
}

void *__wrap_realloc(void *old, size_t size)
{
    return fails() ? NULL : __real_realloc(old, size);
}

static void begin(size_t n, bool only)
{
    /* jansson is a shared library, out of the linker's reach; free needs no wrapper. */
    json_malloc_t jansson_malloc;
    json_free_t jansson_free;
    json_get_alloc_funcs(&jansson_malloc, &jansson_free);
    json_set_alloc_funcs(__wrap_malloc, jansson_free);
    happening = false;
    once = only;
    left = n;
}

void alloc_fault_at(size_t n)
{
    begin(n, false);
}

void alloc_fault_once(size_t n)
{
    begin(n, true);
}

/* SQLite's own allocator, which ours stands in front of. */
static sqlite3_mem_methods sqlite_methods;

static void *sqlite_malloc(int size)
{
    return fails() ? NULL : sqlite_methods.xMalloc(size);
}

static void *sqlite_realloc(void *old, int size)
{
    return fails() ? NULL : sqlite_methods.xRealloc(old, size);
}

void alloc_fault_reach_sqlite(void)
{
    int code = sqlite3_config(SQLITE_CONFIG_GETMALLOC, &sqlite_methods);
    sqlite3_mem_methods ours = sqlite_methods;
    ours.xMalloc = sqlite_malloc;
    ours.xRealloc = sqlite_realloc;
    if (code == SQLITE_OK)
        code = sqlite3_config(SQLITE_CONFIG_MALLOC, &ours);
    assert(code == SQLITE_OK);
    (void)code;
}

bool alloc_fault_end(void)
{
    bool happened = happening;
    left = 0;
    happening = false;
    return happened;
}
