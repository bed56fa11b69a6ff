/*
 * alloc.c - malloc and its kin, watched, and failing on request.
 */
#include "alloc.h"

#include <malloc.h>
#include <stdint.h>
#include <stdlib.h>

void *__real_malloc(size_t size);
void *__real_calloc(size_t n, size_t size);
void *__real_realloc(void *old, size_t size);
void __real_free(void *p);
void *__wrap_malloc(size_t size);
void *__wrap_calloc(size_t n, size_t size);
void *__wrap_realloc(void *old, size_t size);
void __wrap_free(void *p);

static struct {
	size_t calls;
	size_t live;
	size_t bytes;
	size_t peak;
	size_t until; /* calls that still succeed */
	bool all;
	bool failed;
} state = { .until = SIZE_MAX };

static bool
fails(void)
{
	state.calls++;
	if (state.until == SIZE_MAX)
		return false;
	if (state.until > 0) {
		state.until--;
		return false;
	}
	state.failed = true;
	if (!state.all)
		state.until = SIZE_MAX;
	return true;
}

static void *
gained(void *p)
{
	if (p == NULL)
		return NULL;
	state.live++;
	state.bytes += malloc_usable_size(p);
	if (state.bytes > state.peak)
		state.peak = state.bytes;
	return p;
}

static void
lost(void *p)
{
	if (p == NULL)
		return;
	state.live--;
	state.bytes -= malloc_usable_size(p);
}

void *
__wrap_malloc(size_t size)
{
	return fails() ? NULL : gained(__real_malloc(size));
}

void *
__wrap_calloc(size_t n, size_t size)
{
	return fails() ? NULL : gained(__real_calloc(n, size));
}

void *
__wrap_realloc(void *old, size_t size)
{
	void *new;

	if (fails())
		return NULL;
	lost(old);
	new = __real_realloc(old, size);
	if (new == NULL && size > 0)
		return (void)gained(old), NULL;
	return gained(new);
}

void
__wrap_free(void *p)
{
	lost(p);
	__real_free(p);
}

void
alloc_begin(void)
{
	state.calls = 0;
	state.live = 0;
	state.bytes = 0;
	state.peak = 0;
	alloc_fail_none();
}

void
alloc_fail(size_t nth, bool all)
{
	state.until = nth;
	state.all = all;
	state.failed = false;
}

void
alloc_fail_none(void)
{
	state.until = SIZE_MAX;
	state.all = false;
}

bool
alloc_failed(void)
{
	return state.failed;
}

size_t
alloc_calls(void)
{
	return state.calls;
}

size_t
alloc_live(void)
{
	return state.live;
}

size_t
alloc_bytes(void)
{
	return state.bytes;
}

size_t
alloc_peak(void)
{
	return state.peak;
}
