/*
 * account_file.h - change one line of a file of accounts.
 */
#ifndef NVT_SERVER_ACCOUNT_FILE_H
#define NVT_SERVER_ACCOUNT_FILE_H

#include "server/account.h"

/* Whether a line can be put there, as far as one can tell: 0, or -1 and why. */
int account_file_check(const char *path, struct report *why);

/*
 * Give name this hash: in its line if it has one, else in a new last line.
 * The other lines stay as they are.  A file that does not exist is made, for
 * its owner alone.  Readers see the old file or the new one and nothing
 * between; the owner, the group and the mode stay.  0, or -1 and why.
 */
int account_file_set(
    const char *path, const char *name, const char *hash, struct report *why);

#endif /* NVT_SERVER_ACCOUNT_FILE_H */
