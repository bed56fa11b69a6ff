/*
 * expect_waits.c - the life of a wait: beginning, polling, settling, backing
 * off, ending and giving up; and the text that is left.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include <nvt/expect.h>

#include "expect_jit.h"

static struct nvt_expect *
window(size_t text_limit, uint32_t match_limit)
{
	struct nvt_expect_config config = { .size = sizeof(config),
		.text_limit = text_limit,
		.match_limit = match_limit };
	struct nvt_expect *x;

	assert_int_equal(nvt_expect_new(&config, &x), 0);
	return x;
}

static void
append(struct nvt_expect *x, const char *text, int64_t now)
{
	assert_int_equal(
	    nvt_expect_append(x, (const uint8_t *)text, strlen(text), now), 0);
}

static void
until(struct nvt_expect *x, const char *needle)
{
	assert_int_equal(
	    nvt_expect_until(x, (const uint8_t *)needle, strlen(needle)), 0);
}

/* Wait for the first count of texts, which are NULL from there on. */
static void
expect(struct nvt_expect *x, const char *first, const char *second,
    int settle_ms, int64_t now)
{
	struct nvt_pattern list[2] = { { first, strlen(first), 0 },
		{ second, second == NULL ? 0 : strlen(second), 0 } };
	struct nvt_patterns *p;

	assert_int_equal(
	    nvt_patterns_new(list, second == NULL ? 1 : 2, &p, NULL), 0);
	assert_int_equal(nvt_expect_patterns(x, p, settle_ms, now), 0);
	nvt_patterns_free(p);
}

static void
check_span(struct nvt_span span, const char *want)
{
	assert_int_equal(span.len, strlen(want));
	assert_memory_equal(span.data, want, span.len);
}

/* Append a byte at a time; found with the last one and not before. */
static void
check_until(const char *text, const char *needle, size_t before)
{
	struct nvt_expect *x = window(0, 0);
	struct nvt_match m;
	size_t end = before + strlen(needle);

	until(x, needle);
	for (size_t i = 0; i < end; i++) {
		assert_int_equal(nvt_expect_poll(x, 0, &m), 0);
		assert_int_equal(nvt_expect_deadline(x), -1);
		assert_int_equal(
		    nvt_expect_append(x, (const uint8_t *)text + i, 1, 0), 0);
	}
	assert_int_equal(nvt_expect_poll(x, 0, &m), 1);
	assert_int_equal(m.which, 0);
	assert_int_equal(m.before.len, before);
	check_span(m.matched, needle);
	assert_true(m.at_edge);
	assert_int_equal(nvt_expect_poll(x, 0, &m), NVT_ERR_STATE);
	nvt_expect_free(x);
}

static void
until_finds(void **state)
{
	(void)state;
	check_until("login: ", "login: ", 0);
	check_until("xlogin: ", "login: ", 1);
	check_until("lologin: ", "login: ", 2);
	check_until("aaaaab", "aab", 3);
	check_until("abababac", "ababac", 2);
	check_until("x#", "#", 1);
}

static void
until_in_a_row(void **state)
{
	struct nvt_expect *x = window(0, 0);
	struct nvt_match m;
	char needle[] = "b";
	struct nvt_span group;

	(void)state;
	append(x, "abcabcd", 0);
	until(x, needle);
	needle[0] = 'x'; /* it was copied */
	assert_true(nvt_expect_waiting(x));
	assert_int_equal(nvt_expect_poll(x, 0, &m), 1);
	check_span(m.all, "ab");
	check_span(m.after, "cabcd");
	assert_false(m.at_edge);
	assert_int_equal(nvt_expect_capture(x, 0, &group), 0);
	check_span(group, "b");
	assert_int_equal(nvt_expect_capture(x, 1, &group), NVT_ERR_ARG);
	until(x, "bcd");
	assert_int_equal(nvt_expect_capture(x, 0, &group), NVT_ERR_STATE);
	assert_int_equal(nvt_expect_poll(x, 0, &m), 1);
	check_span(m.before, "ca");
	check_span(m.after, "");
	until(x, "");
	assert_int_equal(nvt_expect_poll(x, 0, &m), 1);
	check_span(m.all, "");
	nvt_expect_free(x);
}

static void
cancelled(void **state)
{
	struct nvt_expect *x = window(0, 0);
	struct nvt_match m;

	(void)state;
	expect(x, "(z)", NULL, 5, 0);
	append(x, "text so far", 1);
	assert_int_equal(nvt_expect_poll(x, 1, &m), 0);
	assert_int_equal(nvt_expect_consume(x, 1), NVT_ERR_STATE);
	nvt_expect_cancel(x, &m);
	assert_int_equal(m.which, -1);
	check_span(m.all, "text so far");
	check_span(m.before, "text so far");
	check_span(m.matched, "");
	check_span(m.after, "");
	assert_false(nvt_expect_waiting(x));
	check_span(nvt_expect_text(x), "text so far");
	assert_int_equal(nvt_expect_consume(x, 5), 0);
	check_span(nvt_expect_text(x), "so far");
	assert_int_equal(nvt_expect_consume(x, 99), 0);
	check_span(nvt_expect_text(x), "");
	nvt_expect_cancel(x, NULL);
	nvt_expect_free(x);
}

static void
replaced(void **state)
{
	struct nvt_expect *x = window(0, 0);
	struct nvt_match m;

	(void)state;
	until(x, "c");
	append(x, "ab", 0);
	assert_int_equal(nvt_expect_poll(x, 0, &m), 0);
	expect(x, "b", NULL, 0, 0);
	assert_int_equal(nvt_expect_poll(x, 0, &m), 1);
	expect(x, "x", NULL, 0, 0);
	expect(x, "y", NULL, 0, 0);
	until(x, "c");
	append(x, "c", 0);
	assert_int_equal(nvt_expect_poll(x, 0, &m), 1);
	nvt_expect_free(x);
}

static void
settles(void **state)
{
	struct nvt_expect *x = window(0, 0);
	struct nvt_match m;

	(void)state;
	expect(x, "[#>] ?$", NULL, 20, 0);
	append(x, "description #", 100);
	assert_int_equal(nvt_expect_poll(x, 100, &m), 0);
	assert_int_equal(nvt_expect_deadline(x), 120);
	assert_int_equal(nvt_expect_poll(x, 119, &m), 0);
	append(x, "4 of 5\r\nrouter1>", 119);
	assert_int_equal(nvt_expect_poll(x, 119, &m), 0);
	assert_int_equal(nvt_expect_deadline(x), 139);
	append(x, " ", 130);
	assert_int_equal(nvt_expect_poll(x, 130, &m), 0);
	assert_int_equal(nvt_expect_deadline(x), 150);
	assert_int_equal(nvt_expect_poll(x, 150, &m), 1);
	check_span(m.matched, "> ");
	assert_true(m.at_edge);
	assert_int_equal(nvt_expect_deadline(x), -1);
	nvt_expect_free(x);
}

/* Text may lie in a socket unread: the quiet begins with the wait. */
static void
settles_from_the_beginning_of_the_wait(void **state)
{
	struct nvt_expect *x = window(0, 0);
	struct nvt_match m;

	(void)state;
	append(x, "router1>", 0);
	expect(x, ">$", NULL, 20, 1000);
	assert_int_equal(nvt_expect_poll(x, 1000, &m), 0);
	assert_int_equal(nvt_expect_deadline(x), 1020);
	nvt_expect_end(x);
	assert_true(nvt_expect_ended(x));
	assert_int_equal(nvt_expect_poll(x, 1001, &m), 1);
	assert_int_equal(
	    nvt_expect_append(x, (const uint8_t *)"x", 1, 0), NVT_ERR_STATE);
	nvt_expect_free(x);
}

/* A match that is certain comes before one that is not yet believed. */
static void
settles_for_what_is_certain(void **state)
{
	struct nvt_expect *x = window(0, 0);
	struct nvt_match m;

	(void)state;
	expect(x, ">$", "(rou)ter", 20, 0);
	append(x, "router1>", 0);
	assert_int_equal(nvt_expect_poll(x, 0, &m), 1);
	assert_int_equal(m.which, 1);
	expect(x, "1(>)", ">$", 20, 0);
	assert_int_equal(nvt_expect_poll(x, 19, &m), 0);
	append(x, ".", 19);
	assert_int_equal(nvt_expect_poll(x, 19, &m), 1);
	assert_false(m.at_edge);
	check_span(m.matched, "1>");
	nvt_expect_free(x);
}

enum { KIB = 1024 };

static void
append_many(struct nvt_expect *x, size_t len, int64_t now)
{
	uint8_t *text = malloc(len);

	assert_non_null(text);
	memset(text, '.', len);
	assert_int_equal(nvt_expect_append(x, text, len, now), 0);
	free(text);
}

/* A start that stays open is not scanned again for each piece of text. */
static void
check_back_off(const char *pattern)
{
	struct nvt_expect *x = window(0, 0);
	struct nvt_match m;

	expect(x, pattern, NULL, 0, 0);
	append(x, "BEGIN", 0);
	append_many(x, 80 * KIB, 0);
	assert_int_equal(nvt_expect_poll(x, 0, &m), 0);
	assert_int_equal(nvt_expect_deadline(x), -1);
	append(x, "END", 10);
	assert_int_equal(nvt_expect_poll(x, 10, &m), 0);
	assert_in_range(nvt_expect_deadline(x), 12, 20);
	append_many(x, 10 * KIB, 11);
	assert_int_equal(nvt_expect_poll(x, 11, &m), 0);
	append_many(x, 15 * KIB, 11);
	assert_int_equal(nvt_expect_poll(x, 11, &m), 1);
	assert_int_equal(m.all.len, 8 + 80 * KIB);
	until(x, "...");
	assert_int_equal(nvt_expect_poll(x, 0, &m), 1);

	expect(x, pattern, NULL, 0, 20);
	append(x, "BEGIN", 20);
	append_many(x, 80 * KIB, 20);
	assert_int_equal(nvt_expect_poll(x, 20, &m), 0);
	append(x, "END", 21);
	assert_int_equal(nvt_expect_poll(x, 21, &m), 0);
	assert_int_equal(nvt_expect_poll(x, nvt_expect_deadline(x), &m), 1);

	expect(x, pattern, NULL, 0, 30);
	append(x, "BEGIN", 30);
	append_many(x, 80 * KIB, 30);
	assert_int_equal(nvt_expect_poll(x, 30, &m), 0);
	append(x, "END", 30);
	assert_int_equal(nvt_expect_poll(x, 30, &m), 0);
	nvt_expect_end(x);
	assert_int_equal(nvt_expect_poll(x, 30, &m), 1);
	nvt_expect_free(x);
}

static void
backs_off(void **state)
{
	(void)state;
	check_back_off("(?s)BEGIN.*END");
	check_back_off("(*NO_JIT)(?s)BEGIN.*?END");
}

/* A trickle must not have all of an open text scanned for each byte. */
static void
check_pause(const char *pattern, int64_t least, int64_t most)
{
	struct nvt_expect *x = window(0, 0);
	struct nvt_match m;

	expect(x, pattern, NULL, 0, 0);
	append(x, "BEGIN", 0);
	append_many(x, 4096 * KIB, 0);
	assert_int_equal(nvt_expect_poll(x, 0, &m), 0);
	append(x, ".", 10);
	assert_int_equal(nvt_expect_poll(x, 10, &m), 0);
	assert_in_range(nvt_expect_deadline(x), 10 + least, 10 + most);
	append(x, "END", 20);
	assert_int_equal(nvt_expect_poll(x, 20, &m), 0);
	assert_in_range(nvt_expect_deadline(x), 20 + least, 20 + most);
	assert_int_equal(nvt_expect_poll(x, nvt_expect_deadline(x), &m), 1);
	nvt_expect_free(x);
}

static void
pauses(void **state)
{
	(void)state;
	if (jit_works())
		check_pause("(?s)BEGIN.*END", 60, 120);
	check_pause("(*NO_JIT)(?s)BEGIN.*END", 240, 480);
}

/*
 * What fits into the window is found in a text that does not stop coming,
 * though a start has long been open.
 */
static void
check_open_to_the_limit(size_t limit, size_t piece)
{
	size_t whole = limit / piece * piece;

	for (size_t at = whole / 2; at <= whole - 3; at += piece / 2 - 7) {
		struct nvt_expect *x = window(limit, 0);
		uint8_t *text = malloc(2 * limit);
		struct nvt_match m;
		size_t given = 0;
		int rc = 0;

		assert_non_null(text);
		memset(text, '.', 2 * limit);
		memcpy(text, "BEGIN", 5);
		memcpy(text + at, "END", 3);
		expect(x, "(?s)BEGIN.*END", NULL, 0, 0);
		for (; rc == 0 && given + piece < 2 * limit; given += piece) {
			assert_int_equal(
			    nvt_expect_append(x, text + given, piece, 0), 0);
			rc = nvt_expect_poll(x, 0, &m);
		}
		assert_int_equal(rc, 1);
		assert_int_equal(m.all.len, at + 3);
		nvt_expect_free(x);
		free(text);
	}
}

static void
looks_before_text_is_dropped(void **state)
{
	(void)state;
	check_open_to_the_limit(256 * KIB, 4096);
	check_open_to_the_limit(256 * KIB, 3000);
	check_open_to_the_limit(256 * KIB, 40000);
	check_open_to_the_limit(300001, 65535);
}

/* Where the text begins after a wait, the same list may match what it did not.
 */
static void
check_new_beginning(const char *pattern, const char *first, const char *rest)
{
	struct nvt_pattern list[2] = { { pattern, strlen(pattern), 0 },
		{ "\\n", 2, 0 } };
	struct nvt_expect *x = window(0, 0);
	struct nvt_patterns *p;
	struct nvt_match m;

	print_message("%s\n", pattern);
	assert_int_equal(nvt_patterns_new(list, 2, &p, NULL), 0);
	append(x, "a", 0);
	append(x, first, 0);
	append(x, "\n", 0);
	append(x, rest, 0);
	append_many(x, 200, 0);
	assert_int_equal(nvt_expect_patterns(x, p, 0, 0), 0);
	assert_int_equal(nvt_expect_poll(x, 0, &m), 1);
	assert_int_equal(m.which, 1);
	assert_int_equal(nvt_expect_patterns(x, p, 0, 0), 0);
	assert_int_equal(nvt_expect_poll(x, 0, &m), 1);
	assert_int_equal(m.which, 0);
	nvt_patterns_free(p);
	nvt_expect_free(x);
}

static void
sees_where_the_text_begins(void **state)
{
	(void)state;
	check_new_beginning("^bc", "", "bc");
	check_new_beginning("\\Abc", "", "bc");
	check_new_beginning("(?<!\\n)bc", "", "bc");
	check_new_beginning("(?<!\\nxx)bc", "", "xxbc");
	check_new_beginning("(?<!\\n..........)c", "", "xxxxxxxxxxc");
	check_new_beginning("(?<!(?<=\\n..........)x.)c", "", "xxxxxxxxxxx.c");
	check_new_beginning("(?<=^..)c", "", "xxc");
	check_new_beginning("\\Gbc", "", "bc");
}

/* Patterns that run for ever, and those that only need much of the stack. */
static void
limits_steps(void **state)
{
	static const char *const endless[] = { "(a+)+#$", "(a|a)*#",
		"(*NO_JIT)(a+)+#$", "((?1)?a+)+#", "(?:.|\\n)*x" };

	(void)state;
	/* The optimiser sees that there is no # in the text. */
	need_jit();
	for (size_t i = 0; i < sizeof(endless) / sizeof(endless[0]); i++) {
		struct nvt_expect *x = window(0, 100000);
		struct nvt_match m;

		print_message("%s\n", endless[i]);
		expect(x, "b", endless[i], 0, 0);
		append(x, "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa", 0);
		append_many(x, 600 * KIB, 0);
		assert_int_equal(
		    nvt_expect_poll(x, 0, &m), NVT_ERR_MATCH_LIMIT);
		assert_int_equal(m.which, 1);
		assert_int_equal(m.all.len, 40 + 600 * KIB);
		assert_false(nvt_expect_waiting(x));
		assert_int_equal(nvt_expect_text(x).len, 40 + 600 * KIB);
		expect(x, "b", NULL, 0, 0);
		append(x, "b", 0);
		assert_int_equal(nvt_expect_poll(x, 0, &m), 1);
		nvt_expect_free(x);
	}
}

static void
widens_the_stack(void **state)
{
	struct nvt_expect *x = window(0, 0);
	struct nvt_match m;

	(void)state;
	need_jit();
	expect(x, "^(?:.|\\n)*x", NULL, 0, 0);
	append_many(x, 60 * KIB, 0);
	assert_int_equal(nvt_expect_poll(x, 0, &m), 0);
	append(x, "x", 0);
	assert_int_equal(nvt_expect_poll(x, 0, &m), 1);
	assert_int_equal(m.all.len, 1 + 60 * KIB);
	nvt_expect_free(x);
}

static void
drops(void **state)
{
	struct nvt_expect *x = window(8, 0);
	struct nvt_match m;

	(void)state;
	assert_int_equal(nvt_expect_room(x), 8);
	until(x, "cd");
	append(x, "01234567", 0);
	assert_int_equal(nvt_expect_room(x), 0);
	assert_int_equal(nvt_expect_poll(x, 0, &m), 0);
	append(x, "89c", 0);
	assert_int_equal(nvt_expect_dropped(x), 3);
	assert_int_equal(nvt_expect_poll(x, 0, &m), 0);
	append(x, "d", 0);
	assert_int_equal(nvt_expect_poll(x, 0, &m), 1);
	check_span(m.all, "456789cd");
	assert_int_equal(m.dropped, 4);
	append(x, "much more than fits into it: tail", 0);
	check_span(nvt_expect_text(x), "it: tail");
	until(x, "x");
	nvt_expect_cancel(x, &m);
	assert_int_equal(m.dropped, 25);
	assert_int_equal(nvt_expect_dropped(x), 29);
	assert_int_equal(nvt_expect_consume(x, 4), 0);
	until(x, "x");
	nvt_expect_cancel(x, &m);
	assert_int_equal(m.dropped, 0);
	nvt_expect_free(x);
}

static void
trims(void **state)
{
	struct nvt_expect *x = window(0, 0);
	struct nvt_match m;

	(void)state;
	nvt_expect_trim(x);
	append_many(x, 10 * KIB, 0);
	append(x, "text", 0);
	assert_int_equal(nvt_expect_consume(x, 10 * KIB), 0);
	nvt_expect_trim(x);
	check_span(nvt_expect_text(x), "text");
	until(x, "text!");
	nvt_expect_trim(x);
	expect(x, "t(ext)!", NULL, 0, 0);
	nvt_expect_trim(x);
	append(x, "!", 0);
	assert_int_equal(nvt_expect_poll(x, 0, &m), 1);
	nvt_expect_trim(x);
	expect(x, "(a)", NULL, 0, 0);
	append(x, "a", 0);
	assert_int_equal(nvt_expect_poll(x, 0, &m), 1);
	nvt_expect_free(x);
}

/* A program built with another version has a shorter one, or a longer. */
static void
configurations(void **state)
{
	struct {
		struct nvt_expect_config known;
		size_t more;
	} config = { .known = { .text_limit = 8, .earliest = true } };
	struct nvt_expect *x = NULL;

	(void)state;
	config.known.size = offsetof(struct nvt_expect_config, match_limit);
	assert_int_equal(nvt_expect_new(&config.known, &x), 0);
	assert_int_equal(nvt_expect_room(x), 8);
	nvt_expect_free(x);
	config.known.size = sizeof(config);
	assert_int_equal(nvt_expect_new(&config.known, &x), 0);
	nvt_expect_free(x);
	config.more = 1;
	x = NULL;
	assert_int_equal(nvt_expect_new(&config.known, &x), NVT_ERR_ARG);
	config.known.size = 0;
	assert_int_equal(nvt_expect_new(&config.known, &x), NVT_ERR_ARG);
	assert_null(x);
}

static void
refuses(void **state)
{
	struct nvt_expect_config config = { .size = 1 };
	struct nvt_expect *x = NULL;
	struct nvt_span group;
	struct nvt_match m;

	(void)state;
	assert_int_equal(nvt_expect_new(&config, &x), NVT_ERR_ARG);
	assert_null(x);
	assert_int_equal(nvt_expect_new(NULL, &x), 0);
	assert_int_equal(nvt_expect_room(x), NVT_TEXT_LIMIT_DEFAULT);
	assert_int_equal(nvt_expect_patterns(x, NULL, 0, 0), NVT_ERR_ARG);
	assert_int_equal(nvt_expect_until(x, NULL, 1), NVT_ERR_ARG);
	assert_int_equal(nvt_expect_poll(x, 0, &m), NVT_ERR_STATE);
	assert_int_equal(nvt_expect_capture(x, 0, &group), NVT_ERR_STATE);
	assert_int_equal(nvt_expect_append(x, NULL, 0, 0), 0);
	assert_int_equal(nvt_expect_text(x).len, 0);
	nvt_expect_free(x);
	nvt_expect_free(NULL);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(until_finds),
		cmocka_unit_test(until_in_a_row),
		cmocka_unit_test(cancelled),
		cmocka_unit_test(replaced),
		cmocka_unit_test(settles),
		cmocka_unit_test(settles_from_the_beginning_of_the_wait),
		cmocka_unit_test(settles_for_what_is_certain),
		cmocka_unit_test(backs_off),
		cmocka_unit_test(pauses),
		cmocka_unit_test(looks_before_text_is_dropped),
		cmocka_unit_test(sees_where_the_text_begins),
		cmocka_unit_test(limits_steps),
		cmocka_unit_test(widens_the_stack),
		cmocka_unit_test(drops),
		cmocka_unit_test(trims),
		cmocka_unit_test(configurations),
		cmocka_unit_test(refuses),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
