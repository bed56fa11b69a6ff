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
};

/* Written only by nvt_patterns_new(), but for refs: threads share it. */
struct nvt_patterns {
	atomic_size_t refs;
	size_t count;
	uint32_t captures_max;
	struct nvt__pattern list[];
};

#endif /* NVT_EXPECT_PATTERNS_H */
