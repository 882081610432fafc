/** Files that fail: SQLite's default file system with errors on demand. One test at a time. */
#ifndef TESTS_DRIVER_SQLITE_FAULT_VFS_H
#define TESTS_DRIVER_SQLITE_FAULT_VFS_H

#include <stddef.h>

enum fault_call { FAULT_READ, FAULT_WRITE, FAULT_SYNC, FAULT_CALLS };

/** Makes it the default for connections opened from now on. Once per program. */
void fault_vfs_install(void);
/** From now on the n-th call of this kind (from 1) and all after it give `code`, until fault_vfs_end. */
void fault_vfs_at(enum fault_call call, size_t n, int code);
void fault_vfs_end(void);

#endif
