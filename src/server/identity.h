/*
 * identity.h - as whom a session's program runs.
 */
#ifndef NVT_SERVER_IDENTITY_H
#define NVT_SERVER_IDENTITY_H

#include <limits.h>
#include <stdbool.h>
#include <sys/types.h>

#include "server/report.h"

enum { IDENTITY_NAME_MAX = 255 };

struct identity {
	bool change; /* it is not what we are: become it */
	uid_t uid;
	gid_t gid;
	char name[IDENTITY_NAME_MAX + 1];
	char home[PATH_MAX];
	char shell[PATH_MAX];
};

/*
 * Who that is for the account name, which is NULL if nobody logs in.  As root:
 * the system's user of that name, else the user other, else nobody, as root
 * is given only to those named so.  As anyone else: ourselves.  other may be
 * NULL.  0, or -1 and why.
 */
int identity_find(const char *name, const char *other, struct identity *out,
    struct report *why);

/*
 * Become it, for good.  Every step is checked, and then that there is no way
 * back.  0, or -1 and why; the process must end then.
 */
int identity_become(const struct identity *id, struct report *why);

#endif /* NVT_SERVER_IDENTITY_H */
