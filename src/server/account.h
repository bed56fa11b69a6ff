/*
 * account.h - a file of accounts: who may log in, with which password.
 *
 * A line is USER:HASH, the hash as of crypt(5).  Empty lines and lines that
 * begin with # say nothing.  A HASH that begins with ! or * is locked.  What
 * has another form makes the whole file invalid: nobody logs in by mistake.
 */
#ifndef NVT_SERVER_ACCOUNT_H
#define NVT_SERVER_ACCOUNT_H

#include <stdbool.h>
#include <stddef.h>

#include "server/hash.h"
#include "server/report.h"

/* As long as login names of Linux. */
enum { ACCOUNT_NAME_MAX = 32 };

/* More than a hundred thousand accounts. */
#define ACCOUNT_FILE_MAX ((size_t)16 << 20)

/*
 * Whether name can be an account's: a letter, digit, '_' or '.', then those,
 * '@' and '-', but not "." or "..".  It can never be taken for an option or a
 * path.
 */
bool account_name_ok(const char *name);

struct account {
	char name[ACCOUNT_NAME_MAX + 1];
	char hash[HASH_MAX + 1];
	bool locked;
};

struct accounts {
	char *text; /* the whole file, NUL-terminated */
	size_t len;
};

/*
 * Read a file and check all of it.  It must be a regular file of root's or of
 * ours that nobody else can write or read; root's may be readable by its
 * group.  0, or -1 and why.
 */
int accounts_read(const char *path, struct accounts *out, struct report *why);
/* The same from text; takes nothing. */
int accounts_parse(
    const char *text, size_t len, struct accounts *out, struct report *why);
void accounts_free(struct accounts *a);

/* The next account from *pos, which begins as 0; false at the end. */
bool accounts_next(const struct accounts *a, size_t *pos, struct account *out);

/*
 * Whether name may log in with password; *known whether there is an account of
 * that name, locked or not.  A name that is unknown or locked costs a hash,
 * too: that of the first account.
 */
bool accounts_check(const struct accounts *a, const char *name,
    const char *password, bool *known);

#endif /* NVT_SERVER_ACCOUNT_H */
