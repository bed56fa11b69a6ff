/*
 * session_reads.c - telnetlib's reads, and what is left behind an error.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>
#include <errno.h>
#include <unistd.h>

#include "session_calls.h"
#include "session_peer.h"

typedef int eager_fn(struct nvt_session *s, struct nvt_span *text);

static int
some(struct nvt_session *s, struct nvt_span *text)
{
	return nvt_session_read_some(s, 0, text);
}

static eager_fn *const reads[] = {
	nvt_session_read_very_eager,
	nvt_session_read_eager,
	nvt_session_read_lazy,
	nvt_session_read_very_lazy,
	some,
};

enum { READS = sizeof(reads) / sizeof(reads[0]) };

static void
test_read_all(void **state)
{
	int fd;
	struct nvt_session *s = peer_pair(NULL, &fd);
	struct nvt_span text;

	(void)state;
	peer_text(fd, "one ");
	assert_int_equal(nvt_session_read_all(s, 0, &text), NVT_ERR_TIMEOUT);
	assert_string_equal(nvt_session_error(s), "timed out while reading");
	assert_int_equal(nvt_session_read_all(s, 1, &text), NVT_ERR_TIMEOUT);
	peer_check(nvt_session_text(s), "one ");
	peer_text(fd, "two");
	peer_end(fd);
	assert_int_equal(nvt_session_read_all(s, NVT_FOREVER, &text), 0);
	peer_check(text, "one two");
	assert_int_equal(nvt_session_read_all(s, NVT_FOREVER, &text), 0);
	assert_int_equal(text.len, 0);
	close(fd);
	nvt_session_free(s);
}

static void
test_read_some(void **state)
{
	int fd;
	struct nvt_session *s = peer_pair(NULL, &fd);
	struct nvt_span text;

	(void)state;
	assert_int_equal(nvt_session_read_some(s, 0, &text), NVT_ERR_TIMEOUT);
	peer_text(fd, "abc");
	assert_int_equal(nvt_session_read_some(s, NVT_FOREVER, &text), 0);
	peer_check(text, "abc");
	assert_int_equal(nvt_session_text(s).len, 0);
	/* A command alone is no text. */
	peer_say(fd, "\xff\xf1", 2);
	assert_int_equal(nvt_session_read_some(s, 1, &text), NVT_ERR_TIMEOUT);
	close(fd);
	assert_int_equal(
	    nvt_session_read_some(s, NVT_FOREVER, &text), NVT_ERR_EOF);
	nvt_session_free(s);
}

/* Nothing there, something there, the end. */
static void
test_eager(void **state)
{
	static const char *const after[READS] = { "abc", "abc", "", "", "abc" };
	struct nvt_span text;
	int fd;

	(void)state;
	for (int i = 0; i < READS; i++) {
		struct nvt_session *s = peer_pair(NULL, &fd);

		if (reads[i] != some) {
			assert_int_equal(reads[i](s, &text), 0);
			assert_int_equal(text.len, 0);
		}
		peer_text(fd, "abc");
		if (reads[i] != some || after[i][0] != '\0')
			assert_int_equal(reads[i](s, &text), 0);
		peer_check(text, after[i]);
		close(fd);
		assert_int_equal(nvt_session_step(s, 0), 0);
		assert_int_equal(nvt_session_step(s, 0), 0);
		if (after[i][0] == '\0') {
			assert_int_equal(reads[i](s, &text), 0);
			peer_check(text, "abc");
		}
		assert_int_equal(reads[i](s, &text), NVT_ERR_EOF);
		nvt_session_free(s);
	}
}

static void
test_not_open(void **state)
{
	struct nvt_session *s = peer_session(NULL);
	struct nvt_span text;

	(void)state;
	for (int i = 0; i < READS; i++)
		assert_int_equal(reads[i](s, &text), NVT_ERR_CLOSED);
	assert_int_equal(nvt_session_read_all(s, -1, &text), NVT_ERR_CLOSED);
	assert_int_equal(
	    nvt_session_read_until(s, "x", -1, NULL), NVT_ERR_CLOSED);
	assert_int_equal(nvt_session_write(s, "x", 1, -1), NVT_ERR_CLOSED);
	assert_int_equal(nvt_session_send_line(s, "x"), NVT_ERR_CLOSED);
	assert_int_equal(nvt_session_send_raw(s, "x", 1), NVT_ERR_CLOSED);
	assert_int_equal(nvt_session_queue(s, "x", 1), NVT_ERR_CLOSED);
	assert_int_equal(nvt_session_finish(s), NVT_ERR_CLOSED);
	assert_int_equal(nvt_session_interact(s, NULL), NVT_ERR_CLOSED);
	nvt_session_urgent(s);
	nvt_session_free(s);
}

static void
test_text_outlives_close(void **state)
{
	int fd;
	struct nvt_session *s = peer_pair(NULL, &fd);
	struct nvt_span text;

	(void)state;
	peer_text(fd, "abc");
	assert_int_equal(nvt_session_step(s, 0), 0);
	nvt_session_close(s);
	assert_int_equal(nvt_session_read_all(s, 0, &text), 0);
	peer_check(text, "abc");
	assert_int_equal(nvt_session_read_all(s, 0, &text), NVT_ERR_CLOSED);
	close(fd);
	nvt_session_free(s);
}

/* "Last words", a request, and a RST: the words are told, then the error. */
static void
test_reset_behind_text(void **state)
{
	int fd;
	struct nvt_session *s = peer_tcp(NULL, &fd);
	struct nvt_match match;
	struct nvt_span text;

	(void)state;
	peer_say(fd, "last \xff\xfd\x18words", 13);
	peer_reset(fd);
	assert_int_equal(
	    nvt_session_read_until(s, "none", -1, &match), NVT_ERR_IO);
	peer_check(match.all, "last words");
	assert_string_equal(
	    nvt_session_error(s), "connection lost: Connection reset by peer");
	assert_int_equal(nvt_session_system_error(s), ECONNRESET);
	assert_int_equal(nvt_session_state(s), NVT_SESSION_FAILED);
	assert_int_equal(nvt_session_wants(s), 0);
	assert_int_equal(nvt_session_read_all(s, -1, &text), NVT_ERR_IO);
	assert_int_equal(nvt_session_read_some(s, -1, &text), 0);
	peer_check(text, "last words");
	assert_int_equal(nvt_session_read_some(s, -1, &text), NVT_ERR_IO);
	/* The first error stays. */
	assert_int_equal(nvt_session_write(s, "x", 1, -1), NVT_ERR_CLOSED);
	assert_int_equal(nvt_session_error_code(s), NVT_ERR_IO);
	nvt_session_free(s);
}

/* What was read with it, but had no room, is there as far as it has one. */
static void
test_held_text_outlives_close(void **state)
{
	struct nvt_session_config config = { .size = sizeof(config),
		.text_limit = 8 };
	int fd;
	struct nvt_session *s = peer_pair(&config, &fd);
	struct nvt_span text;

	(void)state;
	peer_say(fd,
	    "ab$c\xff\xfd\x63\xff\xf1"
	    "defghijkl",
	    18);
	assert_int_equal(nvt_session_read_until(s, "$", -1, NULL), 0);
	nvt_session_close(s);
	assert_int_equal(nvt_session_read_all(s, 0, &text), 0);
	peer_check(text, "cdefghij");
	assert_int_equal(nvt_session_read_all(s, 0, &text), NVT_ERR_CLOSED);
	close(fd);
	nvt_session_free(s);
}

/* A match that nobody has asked for stays what it was. */
static void
test_close_leaves_match(void **state)
{
	struct nvt_session_config config = { .size = sizeof(config),
		.text_limit = 8 };
	int fd;
	struct nvt_session *s = peer_pair(&config, &fd);
	struct nvt_match match;

	(void)state;
	peer_text(fd, "ab$cdefghijkl");
	assert_int_equal(nvt_session_begin_until(s, "$", 1, -1, 0), 0);
	assert_int_equal(nvt_session_step(s, 0), 0);
	nvt_session_close(s);
	assert_int_equal(nvt_session_result(s, &match), 0);
	peer_check(match.all, "ab$");
	close(fd);
	nvt_session_free(s);
}

/* A peer that floods is not waited out; the rest comes with the next read. */
static void
test_eager_in_a_flood(void **state)
{
	char flood[2000];
	int fd;
	struct nvt_session *s = peer_pair(NULL, &fd);
	struct nvt_span text;

	(void)state;
	for (size_t i = 0; i < sizeof(flood); i += 2)
		memcpy(flood + i, "\xff\xf1", 2);
	peer_say(fd, flood, sizeof(flood));
	peer_text(fd, "text");
	calls_begin();
	calls_cut(CALL_RECV, 1);
	assert_int_equal(nvt_session_read_eager(s, &text), 0);
	assert_int_equal(text.len, 0);
	assert_true(calls_made(CALL_RECV) < sizeof(flood) / 2);
	calls_begin();
	assert_int_equal(nvt_session_read_very_eager(s, &text), 0);
	peer_check(text, "text");
	close(fd);
	nvt_session_free(s);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_read_all),
		cmocka_unit_test(test_read_some),
		cmocka_unit_test(test_eager),
		cmocka_unit_test(test_not_open),
		cmocka_unit_test(test_text_outlives_close),
		cmocka_unit_test(test_reset_behind_text),
		cmocka_unit_test(test_held_text_outlives_close),
		cmocka_unit_test(test_close_leaves_match),
		cmocka_unit_test(test_eager_in_a_flood),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
