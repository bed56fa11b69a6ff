/*
 * utf8.h - where UTF-8 ends and other bytes begin.
 */
#ifndef NVT_EXPECT_UTF8_H
#define NVT_EXPECT_UTF8_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/*
 * How many of the first bytes of text are whole characters of UTF-8 (RFC 3629).
 * *torn: all the rest is the beginning of one more.
 */
size_t nvt__utf8_valid(const uint8_t *text, size_t len, bool *torn);

/* How many of the first bytes of text continue a character. */
size_t nvt__utf8_continuation(const uint8_t *text, size_t len);

#endif /* NVT_EXPECT_UTF8_H */
