/*
 * account_lines.c - files of accounts: which lines are good, who may log in.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "server/account.h"

#define COUNT(a) (sizeof(a) / sizeof((a)[0]))

#define HASH                                                                   \
	"$y$j75$nvtnvtnvtnvtnvtnvtnvt."                                        \
	"$HXUsWWjRJtiUCo.CyIpqpE8qR9O20yB.XQjR14zv7gD"

struct line {
	const char *text;
	bool good;
};

/* clang-format off */
static const struct line lines[] = {
	{ "", true },
	{ "\n\n# a comment: with a colon\n", true },
	{ "joe:" HASH "", true },
	{ "joe:" HASH "\n", true },
	{ "joe:!\n", true },
	{ "joe:*\n", true },
	{ "joe:!" HASH "\n", true },
	{ "joe:$6$salt$x\n", true },
	{ "joe@example.org:!\n", true },
	{ "joe\n", false },
	{ "joe:\n", false },
	{ ":!\n", false },
	{ "joe:secret\n", false },
	{ "joe:abcdefghijklm\n", false },
	{ "joe:$nothing$x\n", false },
	{ "joe:!:0\n", false },
	{ " joe:!\n", false },
	{ "-f:!\n", false },
	{ ".:!\n", false },
	{ "../x:!\n", false },
	{ "joe:!\r\n", true },	/* locked is locked */
	{ "joe:" HASH "\r\n", false },
	{ "a123456789012345678901234567890123:!\n", false },
};

static const struct line names[] = {
	{ "joe", true }, { "j", true }, { "_joe", true }, { ".joe", true },
	{ "9", true }, { "j-o@e.x_y", true },
	{ "abcdefghijklmnopqrstuvwxyz012345", true },
	{ "abcdefghijklmnopqrstuvwxyz0123456", false },
	{ "...", true }, { "..j", true }, { ".", false }, { "..", false },
	{ "", false }, { "-j", false }, { "@j", false }, { "j e", false },
	{ "j/e", false }, { "j:e", false }, { "j\ne", false },
	{ "j\303\251", false }, { "$j", false }, { "%j", false },
};
/* clang-format on */

static void
test_lines(void **state)
{
	struct accounts accounts;
	struct report why;
	int status;

	(void)state;
	for (size_t i = 0; i < COUNT(lines); i++) {
		status = accounts_parse(
		    lines[i].text, strlen(lines[i].text), &accounts, &why);
		if ((status == 0) != lines[i].good)
			fail_msg("\"%s\"", lines[i].text);
		if (status == 0)
			accounts_free(&accounts);
	}
}

static void
test_names(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT(names); i++)
		if (account_name_ok(names[i].text) != names[i].good)
			fail_msg("\"%s\"", names[i].text);
}

static void
test_line_number(void **state)
{
	static const char text[] = "# one\njoe:!\n\nwrong\n";
	struct accounts accounts;
	struct report why;

	(void)state;
	assert_int_equal(
	    accounts_parse(text, strlen(text), &accounts, &why), -1);
	assert_string_equal(why.text,
	    "line 4 is not USER:HASH, with a HASH that begins with $, ! or *");
}

/* A NUL does not hide what stands behind it. */
static void
test_nul(void **state)
{
	static const char text[] = "joe:!\0x\n";
	struct accounts accounts;
	struct report why;

	(void)state;
	assert_int_equal(
	    accounts_parse(text, sizeof(text) - 1, &accounts, &why), -1);
}

static void
test_check(void **state)
{
	char hash[HASH_MAX + 1], text[4 * HASH_MAX];
	struct accounts accounts;
	struct report why;
	bool known;

	(void)state;
	assert_int_equal(hash_make("right", 1, hash, &why), 0);
	snprintf(text, sizeof(text),
	    "off:!%s\njoe:%s\njoe:!second\nempty:$6$x$\n", hash, hash);
	assert_int_equal(
	    accounts_parse(text, strlen(text), &accounts, &why), 0);
	assert_true(accounts_check(&accounts, "joe", "right", &known));
	assert_false(accounts_check(&accounts, "joe", "wrong", &known));
	assert_false(accounts_check(&accounts, "joe", "", &known));
	assert_false(accounts_check(&accounts, "joe", "right ", &known));
	assert_false(accounts_check(&accounts, "jo", "right", &known));
	assert_false(accounts_check(&accounts, "", "right", &known));
	assert_false(accounts_check(&accounts, "off", "right", &known));
	assert_false(accounts_check(&accounts, "empty", "", &known));
	accounts_free(&accounts);
}

/* Known is who stands in the file, whatever the password. */
static void
test_known(void **state)
{
	static const char text[] = "joe:" HASH "\noff:!" HASH "\n";
	struct accounts accounts;
	struct report why;
	bool known;

	(void)state;
	assert_int_equal(
	    accounts_parse(text, strlen(text), &accounts, &why), 0);
	assert_false(accounts_check(&accounts, "joe", "wrong", &known));
	assert_true(known);
	assert_false(accounts_check(&accounts, "off", "wrong", &known));
	assert_true(known);
	assert_false(accounts_check(&accounts, "joes", "wrong", &known));
	assert_false(known);
	assert_false(accounts_check(&accounts, "", "wrong", &known));
	assert_false(known);
	accounts_free(&accounts);
}

static void
test_check_of_nothing(void **state)
{
	struct accounts accounts;
	struct report why;
	bool known;

	(void)state;
	assert_int_equal(accounts_parse("", 0, &accounts, &why), 0);
	assert_false(accounts_check(&accounts, "joe", "right", &known));
	accounts_free(&accounts);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_lines),
		cmocka_unit_test(test_names),
		cmocka_unit_test(test_line_number),
		cmocka_unit_test(test_nul),
		cmocka_unit_test(test_check),
		cmocka_unit_test(test_known),
		cmocka_unit_test(test_check_of_nothing),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
