/*
 * expect_patterns.c - which pattern matches, where, and when.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include <nvt/expect.h>

#include "expect_jit.h"
#include "expect_rows.h"

#define LITERAL NVT_PATTERN_LITERAL
#define LINES NVT_PATTERN_MULTILINE
#define UTF NVT_PATTERN_UTF

static const struct row rows[] = {
	{ .title = "in one piece",
	    .patterns = { "ogin: " },
	    .pieces = { "router1 login: " },
	    .before = "router1 l",
	    .matched = "ogin: ",
	    .after = "" },
	{ .title = "across pieces",
	    .patterns = { "ogin: " },
	    .pieces = { "router1 lo", "g", "in:", " x" },
	    .before = "router1 l",
	    .matched = "ogin: ",
	    .after = "x",
	    .inside = true },
	{ .title = "a false beginning",
	    .patterns = { "aab" },
	    .pieces = { "a", "a", "a", "ab" },
	    .before = "aa",
	    .matched = "aab",
	    .after = "" },
	{ .title = "nothing",
	    .patterns = { "ogin: " },
	    .pieces = { "router1 login", ";" },
	    .end = true,
	    .which = -1 },
	{ .title = "no pattern at all",
	    .pieces = { "text" },
	    .end = true,
	    .which = -1 },
	{ .title = "the list's order, not the text's",
	    .patterns = { "second", "first" },
	    .pieces = { "first second third" },
	    .before = "first ",
	    .matched = "second",
	    .after = " third",
	    .inside = true },
	{ .title = "the text's order, on request",
	    .patterns = { "third", "second", "first", "fir" },
	    .earliest = true,
	    .pieces = { "a first second third" },
	    .which = 2,
	    .before = "a ",
	    .matched = "first",
	    .after = " second third",
	    .inside = true },
	{ .title = "captures of the earliest, not of the last tried",
	    .patterns = { "(x)z", "(.)b", "(q)z" },
	    .earliest = true,
	    .pieces = { "abxz" },
	    .which = 1,
	    .before = "",
	    .matched = "ab",
	    .after = "xz",
	    .group = "a",
	    .inside = true },
	{ .title = "a group",
	    .patterns = { "(\\w+)> $" },
	    .pieces = { "x\r\nrouter", "1", "> " },
	    .before = "x\r\n",
	    .matched = "router1> ",
	    .after = "",
	    .group = "router1" },
	{ .title = "a group that took no part",
	    .patterns = { "(a)?b" },
	    .pieces = { "b" },
	    .before = "",
	    .matched = "b",
	    .after = "" },
	{ .title = "an empty group",
	    .patterns = { "(a*)b" },
	    .pieces = { "b" },
	    .before = "",
	    .matched = "b",
	    .after = "",
	    .group = "" },
	{ .title = "$ is the end of the text so far",
	    .patterns = { "[#>] ?$" },
	    .pieces = { "a# b", "\r\n# 1", "\r\nrouter1#" },
	    .before = "a# b\r\n# 1\r\nrouter1",
	    .matched = "#",
	    .after = "" },
	{ .title = "$ before a line end that ends the text",
	    .patterns = { "#$" },
	    .pieces = { "#\r\n" },
	    .before = "",
	    .matched = "#",
	    .after = "\r\n" },
	{ .title = "$ before LF alone",
	    .patterns = { "#$" },
	    .flags = NVT_PATTERN_LF,
	    .pieces = { "#\r\n" },
	    .end = true,
	    .which = -1 },
	{ .title = "^ is the beginning of the text",
	    .patterns = { "^b" },
	    .pieces = { "a", "b", "\nb" },
	    .end = true,
	    .which = -1 },
	{ .title = "^ begins lines, and one that has not begun",
	    .patterns = { "^b|^$" },
	    .flags = LINES,
	    .pieces = { "a", "b", "\n" },
	    .before = "ab\n",
	    .matched = "",
	    .after = "" },
	{ .title = "^ behind CR LF that came apart",
	    .patterns = { "^b" },
	    .flags = LINES,
	    .pieces = { "a\r", "\n", "b" },
	    .before = "a\r\n",
	    .matched = "b",
	    .after = "" },
	{ .title = "^ where CR alone ends a line",
	    .patterns = { "^b" },
	    .flags = LINES,
	    .pieces = { "a\r", "b" },
	    .before = "a\r",
	    .matched = "b",
	    .after = "" },
	{ .title = "^ where LF alone does",
	    .patterns = { "^b" },
	    .flags = LINES | NVT_PATTERN_LF,
	    .pieces = { "a\rb", "\nb" },
	    .before = "a\rb\n",
	    .matched = "b",
	    .after = "" },
	{ .title = ". is not a line end",
	    .patterns = { "a.b" },
	    .pieces = { "a\rb a\nb" },
	    .end = true,
	    .which = -1 },
	{ .title = ". is any byte, on request",
	    .patterns = { "a.b" },
	    .flags = NVT_PATTERN_DOTALL,
	    .pieces = { "a", "\n", "b" },
	    .before = "",
	    .matched = "a\nb",
	    .after = "" },
	{ .title = "upper and lower case",
	    .patterns = { "LOGIN:" },
	    .flags = NVT_PATTERN_CASELESS,
	    .pieces = { "lo", "Gin:" },
	    .before = "",
	    .matched = "loGin:",
	    .after = "" },
	{ .title = "a literal",
	    .patterns = { "a.*[" },
	    .flags = LITERAL,
	    .pieces = { "abc[ a", ".*", "[" },
	    .before = "abc[ ",
	    .matched = "a.*[",
	    .after = "" },
	{ .title = "a literal in any case",
	    .patterns = { "a.*[B" },
	    .flags = LITERAL | NVT_PATTERN_CASELESS,
	    .pieces = { "A", ".*", "[b" },
	    .before = "",
	    .matched = "A.*[b",
	    .after = "" },
	{ .title = "lookbehind into what has been scanned",
	    .patterns = { "(?<=abc)d" },
	    .pieces = { "a", "b", "c", "d" },
	    .before = "abc",
	    .matched = "d",
	    .after = "" },
	{ .title = "lookahead that waits",
	    .patterns = { "a(?=b)" },
	    .pieces = { "xa", "b" },
	    .before = "x",
	    .matched = "a",
	    .after = "b" ,
	    .inside = true},
	{ .title = "negative lookahead believes the end",
	    .patterns = { "a(?!b)" },
	    .pieces = { "xab", "a" },
	    .before = "xab",
	    .matched = "a",
	    .after = "" },
	{ .title = "lookahead to the end is at the edge",
	    .patterns = { "#(?=\\s*$)" },
	    .pieces = { "a#", },
	    .before = "a",
	    .matched = "#",
	    .after = "" },
	{ .title = "\\K",
	    .patterns = { "ab\\Kcd" },
	    .pieces = { "a", "b", "c", "d" },
	    .before = "ab",
	    .matched = "cd",
	    .after = "" },
	{ .title = "what can be empty is found at once",
	    .patterns = { "b*" },
	    .pieces = { "abb" },
	    .before = "",
	    .matched = "",
	    .after = "abb",
	    .inside = true },
	{ .title = "\\G is the beginning of the text",
	    .patterns = { "\\Gab" },
	    .pieces = { "xa", "b" },
	    .end = true,
	    .which = -1 },
	{ .title = "\\G once more",
	    .patterns = { "\\Gab" },
	    .pieces = { "a", "b" },
	    .before = "",
	    .matched = "ab",
	    .after = "" },
	{ .title = "(*COMMIT) holds for all of the text",
	    .patterns = { "a(*COMMIT)b" },
	    .pieces = { "ac", "ab" },
	    .end = true,
	    .which = -1 },
	{ .title = "a pattern that calls itself",
	    .patterns = { "(\\((?:[^()]|(?1))*\\))!" },
	    .pieces = { "((", "a)", "(b)", ")!" },
	    .before = "",
	    .matched = "((a)(b))!",
	    .after = "",
	    .group = "((a)(b))" },
	{ .title = "and by name",
	    .patterns = { "(?<a>\\((?:b|\\g<a>|\\g'a'|(?P>a))*\\))!" },
	    .pieces = { "((", "b)", "(b)", ")!" },
	    .before = "",
	    .matched = "((b)(b))!",
	    .after = "",
	    .group = "((b)(b))" },
	{ .title = "a group of before",
	    .patterns = { "(a|b)\\1#" },
	    .pieces = { "ab#a", "a", "#" },
	    .before = "ab#",
	    .matched = "aa#",
	    .after = "",
	    .group = "a" },
	{ .title = "without JIT",
	    .patterns = { "(*NO_JIT)o(g)in" },
	    .pieces = { "xlo", "gi", "n:" },
	    .before = "xl",
	    .matched = "ogin",
	    .after = ":",
	    .group = "g",
	    .inside = true },
	{ .title = "without JIT, $",
	    .patterns = { "(*NO_JIT)#$" },
	    .pieces = { "a#b", "#" },
	    .before = "a#b",
	    .matched = "#",
	    .after = "" },
	{ .title = "a character in UTF-8 that comes in two",
	    .patterns = { "(.)#" },
	    .flags = UTF,
	    .pieces = { "a\xe2", "\x82", "\xac#" },
	    .before = "a",
	    .matched = "\xe2\x82\xac#",
	    .after = "",
	    .group = "\xe2\x82\xac" },
	{ .title = "half a character is none yet",
	    .patterns = { "a$" },
	    .flags = UTF,
	    .pieces = { "xa\xe2" },
	    .before = "x",
	    .matched = "a",
	    .after = "\xe2" },
	{ .title = "classes see characters",
	    .patterns = { "^\\W#" },
	    .flags = UTF,
	    .pieces = { "\xe2\x82\xac", "#" },
	    .before = "",
	    .matched = "\xe2\x82\xac#",
	    .after = "" },
	{ .title = "what is no UTF-8 stops no wait",
	    .patterns = { "(o)gin" },
	    .flags = UTF,
	    .pieces = { "\xff\xfe", "\xc3l", "og\xe2", "in log", "in" },
	    .before = "\xff\xfe\xc3log\xe2in l",
	    .matched = "ogin",
	    .after = "",
	    .group = "o" },
	{ .title = "and is found before it",
	    .patterns = { "(o)gin" },
	    .flags = UTF,
	    .pieces = { "a\xff", "login\xff\x80\xffx" },
	    .before = "a\xffl",
	    .matched = "ogin",
	    .after = "\xff\x80\xffx",
	    .group = "o",
	    .inside = true },
	{ .title = "nor does it hold what matches any",
	    .patterns = { "a.*#" },
	    .flags = UTF,
	    .pieces = { "a\xff#", "\xed\xa0\x80", "ab#" },
	    .before = "a\xff#\xed\xa0\x80",
	    .matched = "ab#",
	    .after = "" },
	{ .title = "half a character at the end is no character",
	    .patterns = { "a\\B" },
	    .flags = UTF,
	    .pieces = { "xa\xe2" },
	    .end = true,
	    .which = -1 },
	{ .title = "text that was dropped has taken its beginning along",
	    .patterns = { "^b" },
	    .text_limit = 4,
	    .pieces = { "aaaa", "bbb", "bbb" },
	    .end = true,
	    .which = -1 },
	{ .title = "text that was dropped, in UTF-8, in a character",
	    .patterns = { "(?<!a)b" },
	    .flags = UTF,
	    .text_limit = 4,
	    .pieces = { "\xe2\x82\xac", "a", "ab" },
	    .end = true,
	    .which = -1 },
	{ .title = "what is longer than the limit is not found",
	    .patterns = { "abcde" },
	    .text_limit = 4,
	    .pieces = { "abc", "de" },
	    .end = true,
	    .which = -1 },
	{ .title = "what is as long is",
	    .patterns = { "bcde" },
	    .text_limit = 4,
	    .pieces = { "abc", "de" },
	    .before = "",
	    .matched = "bcde",
	    .after = "" },
};

static void
rows_hold(void **state)
{
	(void)state;
	if (!jit_works())
		print_message(
		    "PCRE2 has no JIT here: at_edge goes unchecked\n");
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
		check_row(&rows[i]);
}

static const struct {
	struct nvt_pattern list[2];
	int error;
	size_t which, offset;
} refused[] = {
	{ { { "a", 1, 0 }, { "b(c", 3, 0 } }, NVT_ERR_PATTERN, 1, 3 },
	{ { { "a**b{", 2, 0 }, { "[z-a]", 5, 0 } }, NVT_ERR_PATTERN, 1, 3 },
	{ { { "(*UTF)a", 7, 0 }, { "b", 1, 0 } }, NVT_ERR_PATTERN, 0, 6 },
	{ { { "\xff", 1, UTF }, { "b", 1, 0 } }, NVT_ERR_PATTERN, 0, 0 },
	{ { { "a", 1, 64 }, { "b", 1, 0 } }, NVT_ERR_ARG, 0, 0 },
	{ { { NULL, 1, 0 }, { "b", 1, 0 } }, NVT_ERR_ARG, 0, 0 },
};

static void
refusals(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(refused) / sizeof(refused[0]); i++) {
		struct nvt_pattern_error error = { 99, 99, "" };
		struct nvt_patterns *out = NULL;

		assert_int_equal(
		    nvt_patterns_new(refused[i].list, 2, &out, &error),
		    refused[i].error);
		assert_null(out);
		if (refused[i].error == NVT_ERR_ARG)
			continue;
		assert_int_equal(error.which, refused[i].which);
		assert_int_equal(error.offset, refused[i].offset);
		assert_true(strlen(error.text) > 0);
		assert_int_equal(
		    nvt_patterns_new(refused[i].list, 2, &out, NULL),
		    refused[i].error);
	}
	assert_int_equal(
	    nvt_patterns_new(NULL, 1, &(struct nvt_patterns *){ NULL }, NULL),
	    NVT_ERR_ARG);
}

static void
names_and_references(void **state)
{
	const char *text = "(?<host>\\w+)(?:-(?P<unit>\\d))?#";
	struct nvt_pattern one = { text, strlen(text), 0 };
	struct nvt_patterns *p;

	(void)state;
	assert_int_equal(nvt_patterns_new(&one, 1, &p, NULL), 0);
	assert_int_equal(nvt_patterns_count(p), 1);
	assert_int_equal(nvt_patterns_group(p, 0, "host"), 1);
	assert_int_equal(nvt_patterns_group(p, 0, "unit"), 2);
	assert_int_equal(nvt_patterns_group(p, 0, "none"), -1);
	assert_int_equal(nvt_patterns_group(p, 1, "host"), -1);
	assert_ptr_equal(nvt_patterns_ref(p), p);
	nvt_patterns_free(p);
	assert_int_equal(nvt_patterns_count(p), 1);
	nvt_patterns_free(p);
	nvt_patterns_free(NULL);
	assert_null(nvt_patterns_ref(NULL));
}

static void
nul_bytes(void **state)
{
	struct nvt_pattern list[] = { { "a\0b", 3, LITERAL },
		{ "c\0d", 3, 0 } };
	struct nvt_patterns *p;
	struct nvt_expect *x;
	struct nvt_match m;

	(void)state;
	assert_int_equal(nvt_patterns_new(list, 2, &p, NULL), 0);
	assert_int_equal(nvt_expect_new(NULL, &x), 0);
	assert_int_equal(
	    nvt_expect_append(x, (const uint8_t *)"xa\0bc\0d", 7, 0), 0);
	for (int i = 0; i < 2; i++) {
		assert_int_equal(nvt_expect_patterns(x, p, 0, 0), 0);
		assert_int_equal(nvt_expect_poll(x, 0, &m), 1);
		assert_int_equal(m.which, i);
		assert_int_equal(m.matched.len, 3);
	}
	nvt_patterns_free(p);
	nvt_expect_free(x);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(rows_hold),
		cmocka_unit_test(refusals),
		cmocka_unit_test(names_and_references),
		cmocka_unit_test(nul_bytes),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
