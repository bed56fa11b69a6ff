/*
 * password.h - a password from a terminal, a descriptor or a file; never from
 * the command line, which everybody can see.
 */
#ifndef NVT_CLI_PASSWORD_H
#define NVT_CLI_PASSWORD_H

#include <stddef.h>

#include "server/report.h"

/*
 * Ask on the terminal, twice, without echo.  Each function: 0 and the
 * password in out, or -1 and why.  It is not empty and fits into size.
 */
int password_ask(const char *user, char *out, size_t size, struct report *why);

/* The first line that a descriptor gives. */
int password_from_fd(int fd, char *out, size_t size, struct report *why);

#endif /* NVT_CLI_PASSWORD_H */
