/*
 * failure.h - what went wrong, as a code, the system's own code and a
 * sentence.
 *
 * The error that ends a session sticks.  One that only a call failed with (a
 * wait that timed out) is replaced by the next, and gives way to it.
 */
#ifndef NVT_SESSION_FAILURE_H
#define NVT_SESSION_FAILURE_H

#include <stdbool.h>
#include <stddef.h>

struct nvt__failure {
	int code; /* NVT_ERR_..., 0: none */
	int system;
	bool final;
	char *text; /* NULL: nvt_error_text(code) */
};

/* The first final one wins. */
void nvt__failure_set(struct nvt__failure *f, bool final, int code, int system,
    const char *sentence);
void nvt__failure_clear(struct nvt__failure *f);
/* Never NULL. */
const char *nvt__failure_text(const struct nvt__failure *f);

/* What an errno means.  Safe in threads; may or may not use buf. */
const char *nvt__system_text(int error, char *buf, size_t size);

#endif /* NVT_SESSION_FAILURE_H */
