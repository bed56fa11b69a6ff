/*
 * log_quote.c - what peers wrote, in a line of the log.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "server/log.h"

#define COUNT(a) (sizeof(a) / sizeof((a)[0]))

static const char *const texts[][2] = {
	{ "", "\"\"" },
	{ "joe", "\"joe\"" },
	{ "a\nb", "\"a\\nb\"" },
	{ "\033[c", "\"\\e[c\"" },
	{ "\377", "\"\\xff\"" },
	/* It cannot end its own quotes, nor unmake the escape that keeps it. */
	{ "x\" as user \"y", "\"x\\\" as user \\\"y\"" },
	{ "x\\\"", "\"x\\\\\\\"\"" },
};

static void
test_texts(void **state)
{
	struct log_text out;

	(void)state;
	for (size_t i = 0; i < COUNT(texts); i++)
		assert_string_equal(
		    log_quote(&out, texts[i][0], strlen(texts[i][0])),
		    texts[i][1]);
}

/* Whatever is in it: whole, or cut where an escape ends, and marked so. */
static void
test_lengths(void **state)
{
	static const char bytes[] = { 'x', '"', '\n', '\377' };
	char data[2 * sizeof(struct log_text)];
	struct log_text out;
	size_t len, used;

	(void)state;
	for (size_t b = 0; b < sizeof(bytes); b++) {
		memset(data, bytes[b], sizeof(data));
		for (len = 0; len <= sizeof(data); len++) {
			used = strlen(log_quote(&out, data, len));
			assert_true(used < sizeof(out.text));
			if (out.text[used - 1] == '"')
				continue;
			assert_string_equal(out.text + used - 4, "\"...");
			assert_true(used + 8 > sizeof(out.text));
			assert_true(len > 30);
		}
		assert_int_equal(out.text[used - 1], '.');
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_texts),
		cmocka_unit_test(test_lengths),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
