/*
 * alloc.h - malloc and its kin, watched, and failing on request.
 *
 * For tests linked with -Wl,--wrap=malloc,--wrap=calloc,--wrap=realloc and
 * --wrap=free: only the calls of the objects linked in are seen.
 */
#ifndef TEST_ALLOC_H
#define TEST_ALLOC_H

#include <stdbool.h>
#include <stddef.h>

/* Count from here; nothing fails. */
void alloc_begin(void);

/* The nth call from now (the first is 0) fails; with all, those after too. */
void alloc_fail(size_t nth, bool all);
void alloc_fail_none(void);

/* Whether one failed since alloc_fail(). */
bool alloc_failed(void);

/* Since alloc_begin(): calls, blocks not freed, their bytes, and the most. */
size_t alloc_calls(void);
size_t alloc_live(void);
size_t alloc_bytes(void);
size_t alloc_peak(void);

#endif /* TEST_ALLOC_H */
