/*
 * login_dialogue.c - the login dialogue as scripts: what is typed, what is
 * said, and whom it names in the end.  Each is played whole and byte by byte.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "server/login.h"

#define COUNT(a) (sizeof(a) / sizeof((a)[0]))

enum { SAID_MAX = 8192, TRIES = 3 };

struct script {
	const char *title;
	const char *typed;
	size_t len; /* 0: typed is a string */
	const char *said;
	enum login_state state;
	const char *user;
	const char *password;
};

/* clang-format off */
static const struct script scripts[] = {
	{ "CR LF", "joe\r\npw\r\n", 0,
	    "h login: joe\r\nPassword: \r\n", LOGIN_JUDGE, "joe", "pw" },
	{ "CR NUL", "joe\r\0pw\r\0", 9,
	    "h login: joe\r\nPassword: \r\n", LOGIN_JUDGE, "joe", "pw" },
	{ "CR", "joe\rpw\r", 0,
	    "h login: joe\r\nPassword: \r\n", LOGIN_JUDGE, "joe", "pw" },
	{ "LF", "joe\npw\n", 0,
	    "h login: joe\r\nPassword: \r\n", LOGIN_JUDGE, "joe", "pw" },
	{ "erased", "jox\be\177e\rpx\177w\r", 0,
	    "h login: jox\b \be\b \be\r\nPassword: \r\n", LOGIN_JUDGE,
	    "joe", "pw" },
	{ "nothing to erase", "\b\177\025joe\r\177pw\r", 0,
	    "h login: joe\r\nPassword: \r\n", LOGIN_JUDGE, "joe", "pw" },
	{ "killed", "ab\025joe\rwrong\025pw\r", 0,
	    "h login: ab\b \b\b \bjoe\r\nPassword: \r\n", LOGIN_JUDGE,
	    "joe", "pw" },
	{ "interrupted", "joe\rsec\003joe\r", 0,
	    "h login: joe\r\nPassword: ^C\r\nh login: joe\r\nPassword: ",
	    LOGIN_PASSWORD, NULL, NULL },
	{ "no name", "\r\r\njoe", 0,
	    "h login: \r\nh login: \r\nh login: joe", LOGIN_NAME,
	    NULL, NULL },
	{ "end", "\004", 0, "h login: \r\n", LOGIN_OVER, NULL, NULL },
	{ "no end inside a line", "j\004oe\r\004", 0,
	    "h login: joe\r\nPassword: \r\n", LOGIN_OVER, NULL, NULL },
	{ "odd bytes", "j\033\303\251\r", 0,
	    "h login: j???\r\nPassword: ", LOGIN_PASSWORD, NULL, NULL },
	{ "NULs", "\0j\0o\0e\r\0\0pw\r", 13,
	    "h login: joe\r\nPassword: \r\n", LOGIN_JUDGE, "joe", "pw" },
	{ "empty password", "joe\r\r", 0,
	    "h login: joe\r\nPassword: \r\n", LOGIN_JUDGE, "joe", "" },
};
/* clang-format on */

static void
collect(struct login *l, char *said)
{
	const char *text;
	size_t len = login_output(l, &text), have = strlen(said);

	assert_true(have + len < SAID_MAX);
	memcpy(said + have, text, len);
	said[have + len] = '\0';
}

/* Feed pieces of at most size bytes; returns how many bytes were taken. */
static size_t
play(struct login *l, const char *typed, size_t len, size_t size, char *said)
{
	size_t at = 0, n;

	collect(l, said);
	while (at < len) {
		n = len - at < size ? len - at : size;
		n = login_feed(l, (const uint8_t *)typed + at, n);
		collect(l, said);
		if (n == 0)
			break;
		at += n;
	}
	return at;
}

static void
run_script(const struct script *s, size_t size)
{
	size_t len = s->len != 0 ? s->len : strlen(s->typed);
	char said[SAID_MAX] = "";
	struct login l;

	login_init(&l, "h", TRIES);
	play(&l, s->typed, len, size, said);
	if (strcmp(said, s->said) != 0)
		fail_msg(
		    "%s: said \"%s\", not \"%s\"", s->title, said, s->said);
	assert_int_equal(l.state, s->state);
	if (s->user == NULL)
		return;
	assert_string_equal(login_user(&l), s->user);
	assert_string_equal(login_password(&l), s->password);
}

static void
test_scripts(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT(scripts); i++) {
		run_script(&scripts[i], SIZE_MAX);
		run_script(&scripts[i], 1);
	}
}

static void
test_no_echo(void **state)
{
	char said[SAID_MAX] = "";
	struct login l;

	(void)state;
	login_init(&l, "h", TRIES);
	l.echo = false;
	play(&l, "jox\be\r", 6, SIZE_MAX, said);
	assert_string_equal(said, "h login: \r\nPassword: ");
}

/* What follows the password stays with the caller. */
static void
test_stops_at_the_password(void **state)
{
	static const char typed[] = "joe\rpw\r\nls\r";
	char said[SAID_MAX] = "";
	struct login l;
	size_t taken;

	(void)state;
	login_init(&l, "h", TRIES);
	taken = play(&l, typed, strlen(typed), SIZE_MAX, said);
	assert_int_equal(taken, 7);
	assert_int_equal(
	    login_leftover(&l, (const uint8_t *)typed + taken, 4), 1);
	assert_int_equal(
	    login_leftover(&l, (const uint8_t *)typed + taken + 1, 3), 0);
}

static void
test_tries(void **state)
{
	struct login l;
	char said[SAID_MAX];

	(void)state;
	login_init(&l, "h", TRIES);
	for (int i = 0; i < TRIES; i++) {
		said[0] = '\0';
		play(&l, "joe\rno\r", 7, SIZE_MAX, said);
		assert_int_equal(l.state, LOGIN_JUDGE);
		login_refuse(&l);
		assert_string_equal(login_password(&l), "");
	}
	assert_int_equal(l.state, LOGIN_OVER);
	said[0] = '\0';
	collect(&l, said);
	assert_string_equal(said, "Login incorrect\r\n");
}

/* A line that is too long is taken to its end, shown to its limit, and never
 * a shorter one that may be somebody's. */
static void
test_too_long(void **state)
{
	char typed[3 * LOGIN_LINE_MAX], said[SAID_MAX] = "";
	struct login l;

	(void)state;
	memset(typed, 'x', sizeof(typed));
	typed[sizeof(typed) - 1] = '\r';
	login_init(&l, "h", TRIES);
	play(&l, typed, sizeof(typed), SIZE_MAX, said);
	assert_int_equal(l.state, LOGIN_PASSWORD);
	assert_string_equal(login_user(&l), "");
	assert_int_equal(
	    strlen(said), strlen("h login: \r\nPassword: ") + LOGIN_LINE_MAX);
	play(&l, typed, sizeof(typed), 1, said);
	assert_int_equal(l.state, LOGIN_JUDGE);
	assert_string_equal(login_password(&l), "");
}

/* Output is bounded whatever is typed, if nobody fetches it. */
static void
test_output_is_bounded(void **state)
{
	uint8_t typed[512];
	struct login l;
	size_t taken = 0, n;

	(void)state;
	for (size_t i = 0; i < sizeof(typed); i++)
		typed[i] = (uint8_t)(i % 3 == 2 ? LOGIN_KEY_INTR : 'x');
	login_init(&l, "h", TRIES);
	do {
		n = login_feed(&l, typed, sizeof(typed));
		taken += n;
	} while (n > 0);
	assert_true(taken > 0 && taken < sizeof(typed));
	assert_true(l.out_len <= sizeof(l.out));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_scripts),
		cmocka_unit_test(test_no_echo),
		cmocka_unit_test(test_stops_at_the_password),
		cmocka_unit_test(test_tries),
		cmocka_unit_test(test_too_long),
		cmocka_unit_test(test_output_is_bounded),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
