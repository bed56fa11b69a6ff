/*
 * session_wait.c - waiting for text, by the blocking face and by a loop.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include "session_peer.h"

static void
check_says(struct nvt_session *s, const char *part)
{
	if (strstr(nvt_session_error(s), part) == NULL)
		fail_msg(
		    "\"%s\" does not say \"%s\"", nvt_session_error(s), part);
}

static void
test_read_until(void **state)
{
	int fd;
	struct nvt_session *s = peer_pair(NULL, &fd);
	struct nvt_match match;

	(void)state;
	peer_text(fd, "Debian\r\nlogin: more");
	assert_int_equal(
	    nvt_session_read_until(s, "login:", NVT_FOREVER, &match), 0);
	peer_check(match.all, "Debian\r\nlogin:");
	peer_check(match.before, "Debian\r\n");
	peer_check(match.after, " more");
	/* What is there already decides without a look at the socket. */
	close(fd);
	assert_int_equal(nvt_session_read_until(s, "mo", 0, NULL), 0);
	peer_check(nvt_session_text(s), "re");
	nvt_session_consume(s, 1);
	peer_check(nvt_session_text(s), "e");
	assert_int_equal(nvt_session_read_until(s, "", 0, NULL), 0);
	nvt_session_free(s);
}

static void
test_timeout_keeps_text(void **state)
{
	int fd;
	struct nvt_session *s = peer_pair(NULL, &fd);
	struct nvt_match match;

	(void)state;
	peer_text(fd, "part");
	/* 0 looks once: the text is seen, and is not enough. */
	assert_int_equal(
	    nvt_session_read_until(s, "party", 0, &match), NVT_ERR_TIMEOUT);
	assert_int_equal(match.which, -1);
	peer_check(match.all, "part");
	check_says(s, "timed out after 0 s waiting for \"party\"");
	assert_int_equal(nvt_session_error_code(s), NVT_ERR_TIMEOUT);
	assert_int_equal(nvt_session_state(s), NVT_SESSION_OPEN);
	assert_int_equal(
	    nvt_session_read_until(s, "party", 1, &match), NVT_ERR_TIMEOUT);
	peer_text(fd, "y");
	assert_int_equal(
	    nvt_session_read_until(s, "party", NVT_FOREVER, &match), 0);
	peer_check(match.all, "party");
	close(fd);
	nvt_session_free(s);
}

static void
test_end_keeps_text(void **state)
{
	static const char *const list[] = { "never", "ever", NULL };
	int fd;
	struct nvt_session *s = peer_pair(NULL, &fd);
	struct nvt_match match;

	(void)state;
	peer_text(fd, "last words");
	close(fd);
	assert_int_equal(
	    nvt_session_expect(s, list, 0, NVT_FOREVER, &match), NVT_ERR_EOF);
	peer_check(match.all, "last words");
	check_says(s,
	    "connection closed by the peer while waiting for any "
	    "of 2 patterns");
	assert_int_equal(
	    nvt_session_read_until(s, "words", NVT_FOREVER, &match), 0);
	peer_check(match.all, "last words");
	assert_int_equal(
	    nvt_session_read_until(s, "x", NVT_FOREVER, &match), NVT_ERR_EOF);
	peer_check(match.all, "");
	nvt_session_free(s);
}

static void
test_expect(void **state)
{
	static const char *const list[] = { "Login incorrect",
		"([a-z]+)(\\d)?([#>]) ?$", NULL };
	int fd;
	struct nvt_session *s = peer_pair(NULL, &fd);
	struct nvt_match match;
	struct nvt_span span;

	(void)state;
	peer_text(fd, "\r\nrouter> ");
	assert_int_equal(
	    nvt_session_expect(s, list, 0, NVT_FOREVER, &match), 1);
	peer_check(match.before, "\r\n");
	peer_check(match.matched, "router> ");
	assert_true(match.at_edge);
	assert_int_equal(match.captures, 3);
	assert_int_equal(nvt_session_capture(s, 1, &span), 0);
	peer_check(span, "router");
	assert_int_equal(nvt_session_capture(s, 2, &span), 0);
	assert_null(span.data);
	assert_int_equal(nvt_session_capture(s, 3, &span), 0);
	peer_check(span, ">");
	assert_int_equal(nvt_session_capture(s, 4, &span), NVT_ERR_ARG);
	peer_text(fd, "LOGIN INCORRECT");
	assert_int_equal(nvt_session_expect(
			     s, list, NVT_PATTERN_CASELESS, NVT_FOREVER, NULL),
	    0);
	close(fd);
	nvt_session_free(s);
}

static void
test_bad_pattern(void **state)
{
	static const char *const list[] = { "fine", "(", NULL };
	static const char *const slow[] = { "(a+)+$|x", NULL };
	struct nvt_session_config config = { .size = sizeof(config),
		.match_limit = 100 };
	int fd;
	struct nvt_session *s = peer_pair(&config, &fd);
	struct nvt_match match;

	(void)state;
	assert_int_equal(
	    nvt_session_expect(s, list, 0, 0, NULL), NVT_ERR_PATTERN);
	check_says(s, "invalid pattern \"(\" at offset 1: ");
	peer_text(fd, "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa!");
	assert_int_equal(nvt_session_expect(s, slow, 0, NVT_FOREVER, &match),
	    NVT_ERR_MATCH_LIMIT);
	assert_int_equal(match.which, 0);
	assert_int_equal(match.all.len, 45);
	close(fd);
	nvt_session_free(s);
}

/* A prompt that is one only because the line stops there for a moment. */
static void
test_settle(void **state)
{
	static const struct nvt_pattern prompt = { "[#>] ?$", 7, 0 };
	int fd;
	struct nvt_session *s = peer_pair(NULL, &fd);
	struct nvt_patterns *patterns;
	struct nvt_match match;

	(void)state;
	assert_int_equal(nvt_patterns_new(&prompt, 1, &patterns, NULL), 0);
	assert_int_equal(
	    nvt_session_begin_expect(s, patterns, NVT_FOREVER, 50, 1000), 0);
	peer_text(fd, "line #");
	assert_int_equal(nvt_session_step(s, 1000), 0);
	assert_int_equal(nvt_session_result(s, &match), NVT_ERR_AGAIN);
	assert_int_equal(nvt_session_deadline(s), 1050);
	peer_text(fd, "1 is up\r\nr1#");
	assert_int_equal(nvt_session_step(s, 1049), 0);
	assert_int_equal(nvt_session_result(s, &match), NVT_ERR_AGAIN);
	assert_int_equal(nvt_session_deadline(s), 1099);
	assert_int_equal(nvt_session_step(s, 1099), 0);
	assert_int_equal(nvt_session_result(s, &match), 0);
	peer_check(match.all, "line #1 is up\r\nr1#");
	assert_int_equal(nvt_session_result(s, &match), NVT_ERR_STATE);
	/* By the blocking face; and the end settles it at once. */
	peer_text(fd, "r1#");
	assert_int_equal(
	    nvt_session_expect_set(s, patterns, NVT_FOREVER, 1, &match), 0);
	peer_text(fd, "r1#");
	close(fd);
	assert_int_equal(
	    nvt_session_expect_set(s, patterns, NVT_FOREVER, 1000000, &match),
	    0);
	nvt_patterns_free(patterns);
	nvt_session_free(s);
}

/* A decided wait points into the window: nothing is read until it is told. */
static void
test_result_stands_still(void **state)
{
	int fd;
	struct nvt_session *s = peer_pair(NULL, &fd);
	struct nvt_match match;

	(void)state;
	assert_int_equal(nvt_session_result(s, NULL), NVT_ERR_STATE);
	assert_int_equal(
	    nvt_session_begin_until(s, "one", 3, NVT_FOREVER, 0), 0);
	assert_int_equal(nvt_session_wants(s), NVT_WANTS_READ);
	peer_text(fd, "one");
	assert_int_equal(nvt_session_step(s, 0), 0);
	assert_int_equal(nvt_session_wants(s), 0);
	peer_text(fd, "two");
	assert_int_equal(nvt_session_step(s, 0), 0);
	assert_int_equal(nvt_session_result(s, &match), 0);
	peer_check(match.all, "one");
	assert_int_equal(nvt_session_wants(s), NVT_WANTS_READ);
	assert_int_equal(nvt_session_step(s, 0), 0);
	peer_check(nvt_session_text(s), "two");
	/* A wait that is begun anew, or consumed over, is forgotten. */
	assert_int_equal(nvt_session_begin_until(s, "tw", 2, 5, 0), 0);
	nvt_session_consume(s, 1);
	assert_int_equal(nvt_session_result(s, &match), NVT_ERR_STATE);
	assert_int_equal(nvt_session_begin_until(s, "x", 1, 5, 0), 0);
	assert_int_equal(nvt_session_deadline(s), 5);
	assert_int_equal(nvt_session_begin_until(s, "x", 1, 9, 0), 0);
	assert_int_equal(nvt_session_step(s, 8), 0);
	assert_int_equal(nvt_session_result(s, &match), NVT_ERR_AGAIN);
	assert_int_equal(nvt_session_step(s, 9), 0);
	assert_int_equal(nvt_session_result(s, &match), NVT_ERR_TIMEOUT);
	check_says(s, "timed out after 0.009 s");
	close(fd);
	nvt_session_free(s);
}

static void
test_close_ends_wait(void **state)
{
	int fd;
	struct nvt_session *s = peer_pair(NULL, &fd);
	struct nvt_match match;

	(void)state;
	peer_text(fd, "text");
	assert_int_equal(nvt_session_begin_until(s, "none", 4, -1, 0), 0);
	assert_int_equal(nvt_session_step(s, 0), 0);
	nvt_session_close(s);
	assert_int_equal(nvt_session_result(s, &match), NVT_ERR_CLOSED);
	peer_check(match.all, "text");
	peer_check(nvt_session_text(s), "text");
	close(fd);
	nvt_session_free(s);
}

/* Begun before there is a connection, a wait covers the dialling. */
static void
test_wait_covers_dialling(void **state)
{
	struct nvt_session *s = peer_session(NULL);
	struct pollfd p = { .events = POLLOUT };
	char port[8];

	(void)state;
	peer_free_port(AF_INET, port);
	assert_int_equal(nvt_session_dial(s, "127.0.0.1", port, 0), 0);
	assert_int_equal(nvt_session_begin_until(s, "x", 1, -1, 0), 0);
	while (nvt_session_result(s, NULL) == NVT_ERR_AGAIN) {
		p.fd = nvt_session_fd(s);
		assert_int_equal(poll(&p, 1, PEER_TIMEOUT_MS), 1);
		(void)nvt_session_step(s, 0);
	}
	check_says(s, "cannot connect to 127.0.0.1 port ");
	assert_int_equal(nvt_session_error_code(s), NVT_ERR_CONNECT);
	nvt_session_free(s);
}

/* While a wait is under way the oldest text makes room; nothing else does. */
static void
test_text_limit(void **state)
{
	struct nvt_session_config config = { .size = sizeof(config),
		.text_limit = 64 };
	char text[1000];
	int fd;
	struct nvt_session *s = peer_pair(&config, &fd);
	struct nvt_match match;
	size_t i;

	(void)state;
	memset(text, 'x', sizeof(text));
	memcpy(text + 10, "first", 5);
	memcpy(text + 900, "last", 4);
	peer_say(fd, text, sizeof(text));
	assert_int_equal(
	    nvt_session_read_until(s, "first", NVT_FOREVER, &match), 0);
	assert_int_equal(match.all.len, 15);
	assert_int_equal(match.dropped, 0);
	assert_int_equal(
	    nvt_session_read_until(s, "last", NVT_FOREVER, &match), 0);
	assert_true(match.dropped > 0);
	assert_int_equal(match.all.len + match.dropped, 904 - 15);
	/* Without a wait the rest comes as there is room, and all of it. */
	for (i = 904; i < sizeof(text); i += 8) {
		assert_int_equal(nvt_session_step(s, 0), 0);
		assert_true(nvt_session_text(s).len >= 8);
		assert_memory_equal(nvt_session_text(s).data, text + i, 8);
		assert_true(nvt_session_text(s).len <= 64);
		nvt_session_consume(s, 8);
	}
	close(fd);
	nvt_session_free(s);
}

static void
test_backpressure(void **state)
{
	struct nvt_session_config config = { .size = sizeof(config),
		.text_limit = 8 };
	int fd;
	struct nvt_session *s = peer_pair(&config, &fd);
	struct nvt_span text;

	(void)state;
	peer_text(fd, "0123456789");
	assert_int_equal(nvt_session_step(s, 0), 0);
	peer_check(nvt_session_text(s), "01234567");
	assert_int_equal(nvt_session_wants(s), 0);
	assert_int_equal(
	    nvt_session_read_all(s, NVT_FOREVER, &text), NVT_ERR_TOO_BIG);
	check_says(s, "more text than text_limit");
	nvt_session_consume(s, 4);
	assert_int_equal(nvt_session_wants(s), NVT_WANTS_READ);
	assert_int_equal(nvt_session_step(s, 0), 0);
	peer_check(nvt_session_text(s), "456789");
	close(fd);
	nvt_session_free(s);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_read_until),
		cmocka_unit_test(test_timeout_keeps_text),
		cmocka_unit_test(test_end_keeps_text),
		cmocka_unit_test(test_expect),
		cmocka_unit_test(test_bad_pattern),
		cmocka_unit_test(test_settle),
		cmocka_unit_test(test_result_stands_still),
		cmocka_unit_test(test_close_ends_wait),
		cmocka_unit_test(test_wait_covers_dialling),
		cmocka_unit_test(test_text_limit),
		cmocka_unit_test(test_backpressure),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
