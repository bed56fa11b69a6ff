/*
 * term.h - a terminal type from the peer, made fit to be $TERM.
 */
#ifndef NVT_SERVER_TERM_H
#define NVT_SERVER_TERM_H

#include <stddef.h>

/* RFC 1091 allows names of 40 characters. */
enum { TERM_NAME_MAX = 40 };

/* What it is when the peer says nothing, or nothing that will do. */
#define TERM_UNKNOWN "dumb"

/*
 * The name if it is a letter or digit and then letters, digits and + . _ / -,
 * without "..", else TERM_UNKNOWN.  One without small letters is put into
 * small ones: peers send XTERM, as RFC 1091 has it, and mean xterm.
 */
void term_from_peer(const char *name, size_t len, char out[TERM_NAME_MAX + 1]);

#endif /* NVT_SERVER_TERM_H */
