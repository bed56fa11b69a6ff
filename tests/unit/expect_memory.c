/*
 * expect_memory.c - what waiting costs in memory: nothing for each append, a
 * sixth over the limit in a flood, next to nothing when idle.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include <nvt/expect.h>

#include "alloc.h"

static const char line[] =
    "Nov 22 12:00:00.000: %LINEPROTO-5-UPDOWN: Line protocol on Interface "
    "Gi0/1, changed state to down #1\r\n";

enum { IDLE_MAX = 400, LINE = sizeof(line) - 1, LIMIT = 1 << 20 };

static struct nvt_expect *
window(size_t limit)
{
	struct nvt_expect_config config = { .size = sizeof(config),
		.text_limit = limit };
	struct nvt_expect *x;

	assert_int_equal(nvt_expect_new(&config, &x), 0);
	return x;
}

static void
append(struct nvt_expect *x, const void *data, size_t len)
{
	assert_int_equal(nvt_expect_append(x, data, len, 0), 0);
}

static struct nvt_patterns *
prompts(void)
{
	const struct nvt_pattern list[] = {
		{ "^[\\w.()-]{1,63}[>#] ?$", 23, NVT_PATTERN_MULTILINE },
		{ "[Pp]assword: ?$", 15, 0 },
		{ "(--)More(--)", 12, 0 },
	};
	struct nvt_patterns *p;

	assert_int_equal(nvt_patterns_new(list, 3, &p, NULL), 0);
	return p;
}

static void
idle_is_small(void **state)
{
	struct nvt_patterns *p = prompts();
	struct nvt_expect *x;
	struct nvt_match m;

	(void)state;
	alloc_begin();
	x = window(0);
	assert_in_range(alloc_bytes(), 1, IDLE_MAX);
	/* And again when it has been used and trimmed. */
	append(x, "password:", 9);
	assert_int_equal(nvt_expect_patterns(x, p, 0, 0), 0);
	assert_int_equal(nvt_expect_poll(x, 0, &m), 1);
	assert_int_equal(nvt_expect_until(x, (const uint8_t *)"needle", 6), 0);
	nvt_expect_cancel(x, &m);
	nvt_expect_trim(x);
	assert_in_range(alloc_bytes(), 1, IDLE_MAX);
	nvt_expect_free(x);
	assert_int_equal(alloc_live(), 0);
	nvt_patterns_free(p);
}

/* Append count lines and poll after each. */
static void
flood(struct nvt_expect *x, size_t count)
{
	struct nvt_match m;

	for (size_t i = 0; i < count; i++) {
		append(x, line, LINE);
		assert_int_equal(nvt_expect_poll(x, 0, &m), 0);
	}
}

static void
flood_is_bounded(void **state)
{
	struct nvt_patterns *p = prompts();
	struct nvt_expect *x;
	size_t calls;

	(void)state;
	alloc_begin();
	x = window(LIMIT);
	assert_int_equal(nvt_expect_patterns(x, p, 0, 0), 0);
	flood(x, LIMIT / LINE * 2);
	calls = alloc_calls();
	flood(x, LIMIT / LINE * 8);
	assert_int_equal(alloc_calls(), calls);
	assert_true(alloc_peak() < LIMIT * 2 + LIMIT / 5);
	assert_true(alloc_bytes() < LIMIT + LIMIT / 5);
	assert_int_equal(nvt_expect_text(x).len, LIMIT);
	nvt_expect_free(x);
	nvt_patterns_free(p);
}

/* Text that is consumed makes room for text that comes. */
static void
consumed_room_is_used(void **state)
{
	struct nvt_expect *x;
	struct nvt_match m;
	size_t calls = 0;

	(void)state;
	alloc_begin();
	x = window(SIZE_MAX);
	for (int i = 0; i < 100000; i++) {
		append(x, line, LINE);
		assert_int_equal(
		    nvt_expect_until(x, (const uint8_t *)"down #", 6), 0);
		assert_int_equal(nvt_expect_poll(x, 0, &m), 1);
		if (i == 100)
			calls = alloc_calls();
	}
	assert_int_equal(alloc_calls(), calls);
	assert_true(alloc_bytes() < 4096);
	nvt_expect_free(x);
}

/* Every other byte is consumed, so the rest has to be moved and moved. */
static void
text_survives_moving(void **state)
{
	struct nvt_expect *x = window(5000);
	uint8_t in[7001], next_in = 0, next_out = 0;
	size_t held = 0, step;

	(void)state;
	srand(1);
	for (int round = 0; round < 20000; round++) {
		struct nvt_span text = nvt_expect_text(x);

		assert_int_equal(text.len, held);
		for (size_t i = 0; i < held; i++)
			assert_int_equal(text.data[i], (uint8_t)(next_out + i));
		step = (size_t)rand() % (rand() % 8 > 0 ? 701 : sizeof(in));
		for (size_t i = 0; i < step; i++)
			in[i] = next_in++;
		append(x, in, step);
		held += step;
		if (held > 5000) {
			next_out = (uint8_t)(next_out + held - 5000);
			held = 5000;
		}
		step = (size_t)rand() % 700;
		if (step > held)
			step = held;
		assert_int_equal(nvt_expect_consume(x, step), 0);
		next_out = (uint8_t)(next_out + step);
		held -= step;
		if (round % 97 == 0)
			nvt_expect_trim(x);
	}
	nvt_expect_free(x);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(idle_is_small),
		cmocka_unit_test(flood_is_bounded),
		cmocka_unit_test(consumed_room_is_used),
		cmocka_unit_test(text_survives_moving),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
