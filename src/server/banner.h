/*
 * banner.h - the text shown before the first prompt.
 */
#ifndef NVT_SERVER_BANNER_H
#define NVT_SERVER_BANNER_H

#include <stddef.h>

#include "server/report.h"

/* Of the file: with CR LF for LF it is queued at once, before anything. */
enum { BANNER_FILE_MAX = 4096 };

struct banner {
	size_t len;
	char text[2 * BANNER_FILE_MAX];
};

/* Read path; NULL is an empty banner.  0, or -1 and why. */
int banner_read(const char *path, struct banner *out, struct report *why);

#endif /* NVT_SERVER_BANNER_H */
