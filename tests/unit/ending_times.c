/*
 * ending_times.c - how long the end of a connection may take.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "server/ending.h"

#define COUNT(a) (sizeof(a) / sizeof((a)[0]))

/* So much waits for the peer that nothing more is read from the program. */
#define FULL ((size_t)RELAY_PENDING_MAX + 1)

struct moment {
	int64_t now;
	uint64_t seen;
	size_t left;
	enum ending_word word;
};

/* clang-format off */
static const struct moment quiet[] = {
	{ 0, 10, 0, ENDING_WAIT },
	{ ENDING_DRAIN_MS - 1, 10, 0, ENDING_WAIT },
	{ ENDING_DRAIN_MS, 10, 0, ENDING_DONE },
};

static const struct moment more_output[] = {
	{ 0, 10, 0, ENDING_WAIT },
	{ 99, 11, 0, ENDING_WAIT },
	{ 198, 12, 5, ENDING_WAIT },
	{ 297, 12, 5, ENDING_WAIT },
	{ 298, 12, 5, ENDING_DONE },
};

/* Another program writes on and on. */
static const struct moment no_end[] = {
	{ 0, 10, 0, ENDING_WAIT },
	{ 1, 10 + ENDING_DRAIN_MAX, 0, ENDING_WAIT },
	{ 2, 11 + ENDING_DRAIN_MAX, 0, ENDING_DONE },
};

/* A peer that reads slowly is waited for, one that stops is not. */
static const struct moment slow[] = {
	{ 0, 10, FULL + 2, ENDING_WAIT },
	{ ENDING_STALL_MS - 1, 10, FULL + 1, ENDING_WAIT },
	{ 2 * ENDING_STALL_MS - 2, 10, FULL, ENDING_WAIT },
	{ 3 * ENDING_STALL_MS - 2, 10, FULL, ENDING_STALLED },
};

/* With room again, what the program has left gets its moment. */
static const struct moment resumed[] = {
	{ 0, 10, FULL, ENDING_WAIT },
	{ 5000, 10, 100, ENDING_WAIT },
	{ 5099, 12, 102, ENDING_WAIT },
	{ 5199, 12, 102, ENDING_DONE },
};

static const struct {
	const struct moment *moments;
	size_t count;
} drains[] = {
	{ quiet, COUNT(quiet) },
	{ more_output, COUNT(more_output) },
	{ no_end, COUNT(no_end) },
	{ slow, COUNT(slow) },
	{ resumed, COUNT(resumed) },
};
/* clang-format on */

static void
test_drain(void **state)
{
	const struct moment *m;
	struct ending e;

	(void)state;
	for (size_t i = 0; i < COUNT(drains); i++) {
		memset(&e, 0, sizeof(e));
		for (size_t k = 0; k < drains[i].count; k++) {
			m = &drains[i].moments[k];
			if (ending_drain(&e, m->seen, m->left, m->now) !=
			    m->word)
				fail_msg("%zu: at moment %zu", i, k);
			if (m->word == ENDING_WAIT)
				assert_true(e.deadline > m->now);
		}
	}
}

static void
test_flush(void **state)
{
	struct ending e;

	(void)state;
	memset(&e, 0, sizeof(e));
	ending_flush_begin(&e, 7, 0);
	assert_int_equal(ending_flush(&e, 7, 9999), ENDING_WAIT);
	assert_int_equal(ending_flush(&e, 7, 10000), ENDING_STALLED);
	ending_flush_begin(&e, 7, 0);
	assert_int_equal(ending_flush(&e, 3, 9999), ENDING_WAIT);
	assert_int_equal(ending_flush(&e, 0, 19998), ENDING_WAIT);
	assert_int_equal(ending_flush(&e, 0, 21997), ENDING_WAIT);
	assert_int_equal(ending_flush(&e, 0, 21998), ENDING_DONE);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_drain),
		cmocka_unit_test(test_flush),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
