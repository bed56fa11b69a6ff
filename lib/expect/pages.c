/*
 * pages.c - a word to the kernel about much memory.
 *
 * The first write to each page costs more than all else that is done with the
 * text in it, so a long text wants large pages.
 */
#define _DEFAULT_SOURCE /* madvise, which is Linux's */
#include "expect/pages.h"

#include <stdint.h>
#include <sys/mman.h>
#include <unistd.h>

/* The last page is up to 2 MiB more than the text: an eighth at most. */
#define WORTH_IT ((size_t)32 << 20)

void
nvt__pages_fill(void *data, size_t len)
{
#ifdef MADV_HUGEPAGE
	uintptr_t page = (uintptr_t)sysconf(_SC_PAGESIZE);
	/* From the page that malloc's own header is in: advice for a part of
	 * a mapping would split it, and realloc could not move it any more. */
	uintptr_t from = (uintptr_t)data & ~(page - 1);
	uintptr_t to = ((uintptr_t)data + len + page - 1) & ~(page - 1);

	if (len >= WORTH_IT)
		(void)madvise((void *)from, to - from, MADV_HUGEPAGE);
#else
	(void)data;
	(void)len;
#endif
}
