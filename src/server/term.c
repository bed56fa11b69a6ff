/*
 * term.c - a terminal type from the peer, made fit to be $TERM.
 *
 * Programs look for a file of that name, so it must not lead elsewhere; and it
 * is printed, so it must not be an escape sequence.
 */
#include "server/term.h"

#include <stdbool.h>
#include <string.h>

static bool
is_small(char c)
{
	return c >= 'a' && c <= 'z';
}

static bool
is_large(char c)
{
	return c >= 'A' && c <= 'Z';
}

static bool
is_allowed(char c, bool first)
{
	if (is_small(c) || is_large(c) || (c >= '0' && c <= '9'))
		return true;
	return !first && c != '\0' && strchr("+._/-", c) != NULL;
}

static bool
is_fit(const char *name, size_t len)
{
	if (len == 0 || len > TERM_NAME_MAX)
		return false;
	for (size_t i = 0; i < len; i++) {
		if (!is_allowed(name[i], i == 0))
			return false;
		if (i > 0 && name[i] == '.' && name[i - 1] == '.')
			return false;
	}
	return true;
}

void
term_from_peer(const char *name, size_t len, char out[TERM_NAME_MAX + 1])
{
	bool small = false;

	if (!is_fit(name, len)) {
		memcpy(out, TERM_UNKNOWN, sizeof(TERM_UNKNOWN));
		return;
	}
	for (size_t i = 0; i < len; i++)
		small = small || is_small(name[i]);
	for (size_t i = 0; i < len; i++) {
		out[i] = name[i];
		if (!small && is_large(name[i]))
			out[i] = (char)(name[i] - 'A' + 'a');
	}
	out[len] = '\0';
}
