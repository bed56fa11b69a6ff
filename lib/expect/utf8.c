/*
 * utf8.c - where UTF-8 ends and other bytes begin.  RFC 3629, section 4.
 */
#include "expect/utf8.h"

#include <string.h>

/* A class of first bytes: which, how long, and what the second byte may be. */
struct lead {
	uint8_t first, last;
	uint8_t size;
	uint8_t low, high;
};

/* clang-format off */
static const struct lead leads[] = {
	{ 0x00, 0x7f, 1, 0x00, 0x00 },
	{ 0xc2, 0xdf, 2, 0x80, 0xbf },
	{ 0xe0, 0xe0, 3, 0xa0, 0xbf },	/* else too long */
	{ 0xe1, 0xec, 3, 0x80, 0xbf },
	{ 0xed, 0xed, 3, 0x80, 0x9f },	/* else a surrogate */
	{ 0xee, 0xef, 3, 0x80, 0xbf },
	{ 0xf0, 0xf0, 4, 0x90, 0xbf },	/* else too long */
	{ 0xf1, 0xf3, 4, 0x80, 0xbf },
	{ 0xf4, 0xf4, 4, 0x80, 0x8f },	/* else beyond U+10FFFF */
};
/* clang-format on */

static const struct lead *
lead_of(uint8_t c)
{
	for (size_t i = 0; i < sizeof(leads) / sizeof(leads[0]); i++)
		if (c >= leads[i].first && c <= leads[i].last)
			return &leads[i];
	return NULL;
}

static bool
continues(const struct lead *lead, size_t at, uint8_t c)
{
	if (at == 1)
		return c >= lead->low && c <= lead->high;
	return (c & 0xc0) == 0x80;
}

/* The size of the character at text; 0: there is none, or it is torn. */
static size_t
character(const uint8_t *text, size_t len, bool *torn)
{
	const struct lead *lead = lead_of(text[0]);

	if (lead == NULL)
		return 0;
	for (size_t at = 1; at < lead->size; at++) {
		if (at == len) {
			*torn = true;
			return 0;
		}
		if (!continues(lead, at, text[at]))
			return 0;
	}
	return lead->size;
}

/* How many of the first bytes are ASCII, in eights: most text is. */
static size_t
ascii(const uint8_t *text, size_t len)
{
	size_t at = 0;
	uint64_t eight;

	while (len - at >= sizeof(eight)) {
		memcpy(&eight, text + at, sizeof(eight));
		if (eight & 0x8080808080808080u)
			break;
		at += sizeof(eight);
	}
	return at;
}

size_t
nvt__utf8_valid(const uint8_t *text, size_t len, bool *torn)
{
	size_t at = 0, size;

	*torn = false;
	while (at < len) {
		at += ascii(text + at, len - at);
		if (at == len)
			break;
		size = character(text + at, len - at, torn);
		if (size == 0)
			break;
		at += size;
	}
	return at;
}

size_t
nvt__utf8_continuation(const uint8_t *text, size_t len)
{
	size_t at = 0;

	while (at < len && (text[at] & 0xc0) == 0x80)
		at++;
	return at;
}
