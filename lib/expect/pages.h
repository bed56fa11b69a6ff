/*
 * pages.h - a word to the kernel about much memory.
 */
#ifndef NVT_EXPECT_PAGES_H
#define NVT_EXPECT_PAGES_H

#include <stddef.h>

/*
 * The len bytes at data, from malloc, are about to be written, from the first
 * on.  Advice: it changes nothing but the time that takes.
 */
void nvt__pages_fill(void *data, size_t len);

#endif /* NVT_EXPECT_PAGES_H */
