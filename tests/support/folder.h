/** Folders of a test's own. All assert success. */
#ifndef TESTS_SUPPORT_FOLDER_H
#define TESTS_SUPPORT_FOLDER_H

#include <stddef.h>

/** A new folder under the system's own for temporary files; from malloc. */
char *folder_make(void);
/** Removes it with all that is in it, and frees the name. */
void folder_remove(char *folder);
/** "folder/name", from malloc. */
char *path_in(const char *folder, const char *name);
/** A file with these bytes. */
void file_write(const char *path, const void *data, size_t size);

#endif
