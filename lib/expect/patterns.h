/*
 * patterns.h - a compiled list of patterns, as the scanner reads it.
 */
#ifndef NVT_EXPECT_PATTERNS_H
#define NVT_EXPECT_PATTERNS_H

#define PCRE2_CODE_UNIT_WIDTH 8
#include <pcre2.h>

#include <stdatomic.h>
#include <stdbool.h>

#include <nvt/expect.h>

struct nvt__pattern {
	pcre2_code *code;
	uint32_t captures; /* groups, without 0 */
	bool utf;
	/* A scan may go on where a partial match began.  False without JIT,
	 * and where the pattern knows where the scan began. */
	bool resumable;
	/* What was proven of a place holds for any text that begins at least
	 * this many bytes before it.  0: it may not. */
	size_t reach;
};

/* Written only by nvt_patterns_new(), but for refs: threads share it. */
struct nvt_patterns {
	atomic_size_t refs;
	/* No other list's, unlike its address; counted from 1.  (32 bits come
	 * round after more lists than a program compiles.) */
	size_t serial;
	size_t count;
	uint32_t captures_max;
	struct nvt__pattern list[];
};

#endif /* NVT_EXPECT_PATTERNS_H */
