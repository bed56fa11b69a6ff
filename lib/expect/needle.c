/*
 * needle.c - finding a string.
 */
#define _GNU_SOURCE /* memmem, which POSIX has only since 2024 */
#include "expect/needle.h"

#include <string.h>

size_t
nvt__needle_find(const uint8_t *text, size_t len, const uint8_t *needle,
    size_t needle_len)
{
	const uint8_t *hit = memmem(text, len, needle, needle_len);

	return hit == NULL ? SIZE_MAX : (size_t)(hit - text);
}
