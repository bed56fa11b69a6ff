/*
 * needle.c - finding a string.
 *
 * Sixteen places at once are asked whether the needle's first and last byte
 * stand there; few places pass that and are not it.
 */
#define _GNU_SOURCE /* memmem, which POSIX has only since 2024 */
#include "expect/needle.h"

#include <string.h>

#if defined(__GNUC__)
typedef uint8_t vector __attribute__((vector_size(16)));

/*
 * Vectors that pass without the needle in them, before memmem goes on: its
 * time no text can spoil.
 */
enum { WRONG_FREE = 64, WRONG_EVERY = 32 };

/* The first of a vector's places that is the needle, or NULL. */
static const uint8_t *
check(const uint8_t *p, vector places, const uint8_t *needle, size_t len)
{
	for (size_t i = 0; i < sizeof(places); i++)
		if (places[i] != 0 && memcmp(p + i, needle, len) == 0)
			return p + i;
	return NULL;
}

/* The needle, or where it is still to be looked for. */
static const uint8_t *
find_in_vectors(
    const uint8_t *text, size_t len, const uint8_t *needle, size_t needle_len)
{
	const uint8_t *p, *hit, *end = text + (len - needle_len);
	vector first = { 0 }, last = { 0 }, a, b;
	size_t wrong = 0;
	uint64_t any[2];

	first += needle[0];
	last += needle[needle_len - 1];
	for (p = text; end - p >= (ptrdiff_t)sizeof(a); p += sizeof(a)) {
		memcpy(&a, p, sizeof(a));
		memcpy(&b, p + needle_len - 1, sizeof(b));
		a = (vector)((a == first) & (b == last));
		memcpy(any, &a, sizeof(any));
		if ((any[0] | any[1]) == 0)
			continue;
		hit = check(p, a, needle, needle_len);
		if (hit != NULL)
			return hit;
		if (++wrong > WRONG_FREE + (size_t)(p - text) / WRONG_EVERY)
			break;
	}
	return p;
}
#else
static const uint8_t *
find_in_vectors(
    const uint8_t *text, size_t len, const uint8_t *needle, size_t needle_len)
{
	(void)len, (void)needle, (void)needle_len;
	return text;
}
#endif

size_t
nvt__needle_find(
    const uint8_t *text, size_t len, const uint8_t *needle, size_t needle_len)
{
	const uint8_t *p;

	if (needle_len > len)
		return SIZE_MAX;
	p = find_in_vectors(text, len, needle, needle_len);
	p = memmem(p, (size_t)(text + len - p), needle, needle_len);
	return p == NULL ? SIZE_MAX : (size_t)(p - text);
}
