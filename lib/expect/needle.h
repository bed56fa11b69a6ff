/*
 * needle.h - finding a string.
 */
#ifndef NVT_EXPECT_NEEDLE_H
#define NVT_EXPECT_NEEDLE_H

#include <stddef.h>
#include <stdint.h>

/* Where needle first occurs in the len bytes at text; SIZE_MAX: nowhere. */
size_t nvt__needle_find(
    const uint8_t *text, size_t len, const uint8_t *needle, size_t needle_len);

#endif /* NVT_EXPECT_NEEDLE_H */
