/*
 * expect_work.c - what waiting costs in work: a byte is scanned a few times,
 * however many waits and pieces of text there are.
 *
 * Counts what pcre2_match() and nvt__needle_find() are asked to look at.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#define PCRE2_CODE_UNIT_WIDTH 8
#include <pcre2.h>

#include <cmocka.h>

#include <nvt/expect.h>

#include "expect_jit.h"

enum { KIB = 1024, LINES = 20000, OPEN = 256 * KIB };

static size_t scans, scanned;

int __real_pcre2_match_8(const pcre2_code *code, PCRE2_SPTR text,
    PCRE2_SIZE len, PCRE2_SIZE from, uint32_t options, pcre2_match_data *data,
    pcre2_match_context *context);
int __wrap_pcre2_match_8(const pcre2_code *code, PCRE2_SPTR text,
    PCRE2_SIZE len, PCRE2_SIZE from, uint32_t options, pcre2_match_data *data,
    pcre2_match_context *context);
size_t __real_nvt__needle_find(
    const uint8_t *text, size_t len, const uint8_t *needle, size_t needle_len);
size_t __wrap_nvt__needle_find(
    const uint8_t *text, size_t len, const uint8_t *needle, size_t needle_len);

int
__wrap_pcre2_match_8(const pcre2_code *code, PCRE2_SPTR text, PCRE2_SIZE len,
    PCRE2_SIZE from, uint32_t options, pcre2_match_data *data,
    pcre2_match_context *context)
{
	int rc =
	    __real_pcre2_match_8(code, text, len, from, options, data, context);

	scans++;
	if (rc >= 0)
		len = pcre2_get_ovector_pointer(data)[1];
	scanned += len - from;
	return rc;
}

size_t
__wrap_nvt__needle_find(
    const uint8_t *text, size_t len, const uint8_t *needle, size_t needle_len)
{
	scanned += len;
	return __real_nvt__needle_find(text, len, needle, needle_len);
}

static struct nvt_expect *
window(size_t text_limit)
{
	struct nvt_expect_config config = { .size = sizeof(config),
		.text_limit = text_limit };
	struct nvt_expect *x;

	assert_int_equal(nvt_expect_new(&config, &x), 0);
	scans = scanned = 0;
	return x;
}

/* count copies of text in one piece. */
static void
append(struct nvt_expect *x, const char *text, size_t count)
{
	size_t len = strlen(text);
	uint8_t *all = malloc(count * len);

	assert_non_null(all);
	for (size_t i = 0; i < count; i++)
		memcpy(all + i * len, text, len);
	assert_int_equal(nvt_expect_append(x, all, count * len, 0), 0);
	free(all);
}

static struct nvt_patterns *
compile(const char *first, const char *second, unsigned flags)
{
	struct nvt_pattern list[2] = { { first, strlen(first), flags },
		{ second, second == NULL ? 0 : strlen(second), flags } };
	struct nvt_patterns *p;

	assert_int_equal(
	    nvt_patterns_new(list, second == NULL ? 1 : 2, &p, NULL), 0);
	return p;
}

/* Patterns that are not there, in lines of which each is waited for. */
static const struct {
	const char *pattern;
	unsigned flags;
	const char *line;
} absent[] = {
	{ "[Pp]assword: ?$", 0, "\n" },
	{ "[Pp]assword: ?$", 0, "interface\n" },
	{ "^[\\w.()-]{1,63}[>#] ?$", NVT_PATTERN_MULTILINE, "interface\n" },
	{ "\\bnone\\b", 0, "some\n" },
	{ "(?<=a(?<!ba))c", 0, "bac\n" },
	{ "none", NVT_PATTERN_UTF, "\xc3\xa9\xff\n" },
	{ "(?s)BEGIN.*END", 0, "interface\n" },
};

static void
a_wait_costs_its_line(void **state)
{
	(void)state;
	need_jit();
	for (size_t i = 0; i < sizeof(absent) / sizeof(absent[0]); i++) {
		struct nvt_patterns *p =
		    compile(absent[i].pattern, "\\n", absent[i].flags);
		struct nvt_expect *x = window(0);
		size_t line = strlen(absent[i].line);
		struct nvt_match m;

		print_message("%s\n", absent[i].pattern);
		append(x, absent[i].line, LINES);
		append(x, "BEGIN", 1);
		for (int n = 0; n < LINES; n++) {
			assert_int_equal(nvt_expect_patterns(x, p, 0, 0), 0);
			assert_int_equal(nvt_expect_poll(x, 0, &m), 1);
			assert_int_equal(m.which, 1);
			assert_int_equal(m.all.len, line);
		}
		assert_true(scanned < LINES * (line + 100));
		nvt_expect_free(x);
		nvt_patterns_free(p);
	}
}

/* Another list, where the first may have been, knows nothing of its text. */
static void
lists_are_told_apart(void **state)
{
	struct nvt_expect *x = window(0);
	struct nvt_patterns *p;
	struct nvt_match m;

	(void)state;
	append(x, "text ", 100);
	for (int i = 0; i < 10; i++) {
		p = compile(i % 2 == 0 ? "absent" : "tex(t)", NULL, 0);
		assert_int_equal(nvt_expect_patterns(x, p, 0, 0), 0);
		nvt_patterns_free(p);
		assert_int_equal(nvt_expect_poll(x, 0, &m), i % 2);
	}
	nvt_expect_free(x);
}

static void
the_same_string_goes_on(void **state)
{
	static const uint8_t needle[] = "login: ";
	struct nvt_expect *x = window(0);
	struct nvt_match m;

	(void)state;
	append(x, "lo", 10 * KIB);
	for (int i = 0; i < 1000; i++) {
		assert_int_equal(nvt_expect_until(x, needle, 7), 0);
		assert_int_equal(nvt_expect_poll(x, 0, &m), 0);
		nvt_expect_cancel(x, NULL);
		assert_int_equal(nvt_expect_consume(x, 1), 0);
	}
	assert_true(scanned < 40 * KIB);
	/* Another of its length is looked for from the beginning. */
	assert_int_equal(nvt_expect_until(x, (const uint8_t *)"olololo", 7), 0);
	assert_int_equal(nvt_expect_poll(x, 0, &m), 1);
	assert_in_range(m.before.len, 0, 1);
	assert_int_equal(nvt_expect_until(x, needle, 7), 0);
	append(x, "login: ", 1);
	assert_int_equal(nvt_expect_poll(x, 0, &m), 1);
	nvt_expect_trim(x);
	nvt_expect_free(x);
}

/* Bytes one by one till the window is full, behind a start that stays open. */
static void
a_trickle_into_the_last_room(void **state)
{
	struct nvt_patterns *p = compile("(?s)BEGIN.*END", NULL, 0);
	struct nvt_expect *x = window(OPEN);
	struct nvt_match m;

	(void)state;
	assert_int_equal(nvt_expect_patterns(x, p, 0, 0), 0);
	append(x, "BEGIN", 1);
	append(x, ".", OPEN - 16 * KIB);
	while (nvt_expect_room(x) > 3) {
		assert_int_equal(nvt_expect_poll(x, 0, &m), 0);
		append(x, ".", 1);
	}
	assert_true(scans < 60);
	append(x, "END", 1);
	assert_int_equal(nvt_expect_poll(x, 0, &m), 1);
	assert_int_equal(m.all.len, OPEN);
	nvt_expect_free(x);
	nvt_patterns_free(p);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_wait_costs_its_line),
		cmocka_unit_test(lists_are_told_apart),
		cmocka_unit_test(the_same_string_goes_on),
		cmocka_unit_test(a_trickle_into_the_last_room),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
