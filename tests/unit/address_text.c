/*
 * address_text.c - addresses to listen on, and terminal types of peers.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "server/address.h"
#include "server/term.h"

#define COUNT(a) (sizeof(a) / sizeof((a)[0]))

struct address_case {
	const char *text;
	const char *address; /* NULL: it is none */
	int port;            /* -1: not said */
	bool loopback;
};

/* clang-format off */
static const struct address_case addresses[] = {
	{ "127.0.0.1", "127.0.0.1", -1, true },
	{ "127.1.2.3:23", "127.1.2.3", 23, true },
	{ "0.0.0.0:0", "0.0.0.0", 0, false },
	{ "128.0.0.1", "128.0.0.1", -1, false },
	{ "::1", "::1", -1, true },
	{ "[::1]", "::1", -1, true },
	{ "[::1]:2323", "::1", 2323, true },
	{ "::", "::", -1, false },
	{ "::ffff:127.0.0.1", "::ffff:127.0.0.1", -1, false },
	{ "2001:db8::1:23", "2001:db8::1:23", -1, false },
	{ "::1:99", NULL, 0, false },
	{ "", NULL, 0, false },
	{ ":", NULL, 0, false },
	{ ":23", NULL, 0, false },
	{ "[", NULL, 0, false },
	{ "[]", NULL, 0, false },
	{ "[::1", NULL, 0, false },
	{ "[::1]23", NULL, 0, false },
	{ "[::1]:", NULL, 0, false },
	{ "127.0.0.1:", NULL, 0, false },
	{ "127.0.0.1:65536", NULL, 0, false },
	{ "127.0.0.1:-1", NULL, 0, false },
	{ "127.0.0.1: 1", NULL, 0, false },
	{ "127.0.0.1:1x", NULL, 0, false },
	{ "127.1", NULL, 0, false },
	{ "localhost", NULL, 0, false },
	{ "0000:0000:0000:0000:0000:0000:0000:0000:0000:0000:0001", NULL, 0,
	    false },
};

static const char *const terms[][2] = {
	{ "xterm", "xterm" },
	{ "XTERM-256COLOR", "xterm-256color" },
	{ "Eterm", "Eterm" },
	{ "a+b.c_d/e-f", "a+b.c_d/e-f" },
	{ "0", "0" },
	{ "1234567890123456789012345678901234567890",
	    "1234567890123456789012345678901234567890" },
	{ "12345678901234567890123456789012345678901", "dumb" },
	{ "", "dumb" },
	{ "-x", "dumb" },
	{ "/etc/passwd", "dumb" },
	{ "x/../../etc/passwd", "dumb" },
	{ "x y", "dumb" },
	{ "x\n", "dumb" },
	{ "x=y", "dumb" },
	{ "x\033[c", "dumb" },
};
/* clang-format on */

static void
test_addresses(void **state)
{
	const struct address_case *c;
	struct address_text text;
	struct address address;
	struct report why;

	(void)state;
	for (size_t i = 0; i < COUNT(addresses); i++) {
		c = &addresses[i];
		if ((address_parse(c->text, &address, &why) == 0) !=
		    (c->address != NULL))
			fail_msg("\"%s\"", c->text);
		if (c->address == NULL)
			continue;
		address_text(&address, &text);
		assert_string_equal(text.address, c->address);
		assert_int_equal(address.has_port, c->port >= 0);
		assert_int_equal(text.port, c->port >= 0 ? c->port : 0);
		assert_int_equal(address_is_loopback(&address), c->loopback);
	}
}

static void
test_terms(void **state)
{
	char out[TERM_NAME_MAX + 1];

	(void)state;
	for (size_t i = 0; i < COUNT(terms); i++) {
		term_from_peer(terms[i][0], strlen(terms[i][0]), out);
		assert_string_equal(out, terms[i][1]);
	}
	term_from_peer("x\0y", 3, out);
	assert_string_equal(out, "dumb");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_addresses),
		cmocka_unit_test(test_terms),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
