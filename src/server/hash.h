/*
 * hash.h - passwords and their crypt(3) hashes.
 */
#ifndef NVT_SERVER_HASH_H
#define NVT_SERVER_HASH_H

#include <stdbool.h>

#include "server/report.h"

/* As long as any hash that crypt(5) knows. */
enum { HASH_MAX = 383 };

/* The longest password; a login takes no longer line either. */
enum { PASSWORD_MAX = 128 };

/*
 * A new yescrypt hash with a salt of the system's random numbers.  cost is 1
 * to 11, 0 for the default of the system.  0, or -1 and why.
 */
int hash_make(const char *password, unsigned cost, char out[HASH_MAX + 1],
    struct report *why);

/* Whether text is a hash, or the setting of one, that crypt(3) can compute. */
bool hash_is_known(const char *text);

/* Whether password has that hash.  Takes as long as the hash wants. */
bool hash_check(const char *password, const char *hash);

/* Overwrite, in a way that no compiler leaves out. */
void hash_forget(void *secret, unsigned long len);

#endif /* NVT_SERVER_HASH_H */
