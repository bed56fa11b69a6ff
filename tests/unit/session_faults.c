/*
 * session_faults.c - one login, over and over, under everything that can go
 * wrong below it: short reads, interruptions, resets, no memory.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>
#include <errno.h>
#include <malloc.h>
#include <sys/socket.h>
#include <unistd.h>

#include "alloc.h"
#include "session_calls.h"
#include "session_peer.h"

/* What inetutils' telnetd and a login say, and how a session sees it. */
static const char opening[] =
    "\xff\xfb\x25\xff\xfb\x26\xff\xfd\x18\xff\xfd\x20\xff\xfd\x23\xff\xfd\x27"
    "\xff\xfa\x18\x01\xff\xf0\xff\xfb\x03\xff\xfd\x01\xff\xfd\x1f\xff\xfb\x05"
    "\xff\xfd\x06\xff\xfb\x01\r\nDebian\r\nlogin: bob\r\nPassword: "
    "\r\n\r\0welcome\xff\xf9\xff\xff\r\n$ exec uptime\r\n up 1 day\r\n";

/* The same as text, and where each byte of it comes to an end in opening. */
static uint8_t text_of[sizeof(opening)];
static size_t text_at[sizeof(opening)];

enum { WIRE = sizeof(opening) - 1 };

static const char login_answer[] = "bob\r\nsecret\r\nexec uptime\r\n";

/* Text that the login went through, whatever became of it. */
struct seen {
	uint8_t text[sizeof(opening)];
	size_t len;
};

static void
see(struct seen *seen, struct nvt_span span)
{
	assert_true(span.len <= sizeof(seen->text) - seen->len);
	memcpy(seen->text + seen->len, span.data, span.len);
	seen->len += span.len;
}

/* A match that a function filled in; nothing if it could not even begin. */
static int
saw(struct seen *seen, int result, struct nvt_match *match)
{
	if (match->all.data != NULL)
		see(seen, match->all);
	memset(match, 0, sizeof(*match));
	return result;
}

static int
login(struct nvt_session *s, struct seen *seen)
{
	static const char *const prompts[] = { "incorrect", "\\$ ", NULL };
	struct nvt_match m = { 0 };
	struct nvt_span rest;
	int r;

	if ((r = saw(seen, nvt_session_read_until(s, "login:", -1, &m), &m)) <
	    0)
		return r;
	if ((r = nvt_session_send_line(s, "bob")) < 0)
		return r;
	if ((r = saw(seen, nvt_session_read_until(s, "assword:", -1, &m), &m)) <
	    0)
		return r;
	if ((r = nvt_session_send_secret(s, "secret")) < 0)
		return r;
	if ((r = saw(seen, nvt_session_expect(s, prompts, 0, -1, &m), &m)) < 0)
		return r;
	if ((r = nvt_session_send_line(s, "exec uptime")) < 0)
		return r;
	if ((r = nvt_session_read_all(s, -1, &rest)) == 0)
		see(seen, rest);
	return r;
}

static int
set_up(void **state)
{
	struct nvt_decoder *d;
	struct nvt_wire_item item;
	size_t n = 0;

	(void)state;
	if (nvt_decoder_new(0, &d) != 0)
		return -1;
	for (size_t i = 0; i < WIRE; i++) {
		(void)nvt_decoder_feed(
		    d, (const uint8_t *)opening + i, 1, &item);
		if (item.type == NVT_WIRE_TEXT)
			text_of[n++] = item.data[0];
		text_at[i + 1] = n;
	}
	nvt_decoder_free(d);
	return 0;
}

static void
check_whole(const struct seen *seen)
{
	assert_int_equal(seen->len, text_at[WIRE]);
	assert_memory_equal(seen->text, text_of, seen->len);
}

/* The session's lines, whatever answers are between them. */
static void
check_lines(int fd)
{
	uint8_t heard[512];
	struct nvt_decoder *d;
	struct nvt_wire_item item;
	size_t len = peer_heard(fd, heard, sizeof(heard)), at = 0, n = 0;

	assert_int_equal(nvt_decoder_new(0, &d), 0);
	while (at < len) {
		at += nvt_decoder_feed(d, heard + at, len - at, &item);
		if (item.type != NVT_WIRE_TEXT)
			continue;
		assert_true(n + item.len <= sizeof(login_answer) - 1);
		assert_memory_equal(login_answer + n, item.data, item.len);
		n += item.len;
	}
	assert_int_equal(n, sizeof(login_answer) - 1);
	nvt_decoder_free(d);
}

/* A login that goes well, with that call in the way; returns how many. */
static size_t
login_through(enum call call)
{
	struct seen seen = { .len = 0 };
	struct nvt_session *s;
	size_t made;
	int fd;

	s = peer_pair(NULL, &fd);
	peer_say(fd, opening, WIRE);
	peer_end(fd);
	made = calls_made(call);
	assert_int_equal(login(s, &seen), 0);
	while ((nvt_session_wants(s) & NVT_WANTS_WRITE) != 0)
		(void)nvt_session_step(s, 0);
	made = calls_made(call) - made;
	check_whole(&seen);
	check_lines(fd);
	close(fd);
	nvt_session_free(s);
	return made;
}

static void
test_short_reads_and_writes(void **state)
{
	(void)state;
	for (size_t size = 1; size < 20; size++) {
		calls_begin();
		calls_cut(CALL_RECV, size);
		assert_true(login_through(CALL_RECV) >= WIRE / size);
	}
	calls_begin();
	calls_cut(CALL_RECV, 1);
	calls_cut(CALL_SEND, 1);
	assert_true(login_through(CALL_SEND) > sizeof(login_answer));
}

static void
test_interrupted_at_every_call(void **state)
{
	static const enum call calls[] = { CALL_RECV, CALL_SEND, CALL_POLL };
	static const int errors[] = { EINTR, EAGAIN };

	(void)state;
	for (size_t c = 0; c < 3; c++)
		for (size_t e = 0; e < 2; e++)
			for (size_t n = 0, made = 1; n < made; n++) {
				calls_begin();
				calls_cut(CALL_RECV, 16);
				calls_cut(CALL_SEND, 2);
				calls_fail(calls[c], n, errors[e]);
				made = login_through(calls[c]);
			}
	for (size_t e = 0; e < 2; e++)
		for (size_t c = 0; c < 3; c++) {
			calls_begin();
			calls_cut(CALL_RECV, 1);
			calls_keep_failing(calls[c], 1, errors[e]);
			(void)login_through(calls[c]);
		}
}

static void
test_interrupted_connect(void **state)
{
	static const int errors[] = { EINTR, EINPROGRESS };
	struct nvt_session *s = peer_session(NULL);
	char port[8];
	int listener = peer_listen(AF_INET, port);

	(void)state;
	for (size_t i = 0; i < 2; i++) {
		calls_begin();
		calls_fail(CALL_CONNECT, 0, EINTR);
		calls_fail(CALL_POLL, 0, errors[0]);
		assert_int_equal(nvt_session_open(s, "127.0.0.1", port, -1), 0);
		nvt_session_close(s);
	}
	close(listener);
	nvt_session_free(s);
}

/* What the system calls an error is one, in words. */
static void
test_errors_are_told(void **state)
{
	struct nvt_span text;
	int fd;
	struct nvt_session *s = peer_pair(NULL, &fd);

	(void)state;
	calls_begin();
	calls_fail(CALL_RECV, 0, ENOBUFS);
	peer_text(fd, "x");
	assert_int_equal(nvt_session_read_some(s, -1, &text), NVT_ERR_IO);
	assert_string_equal(
	    nvt_session_error(s), "connection lost: No buffer space available");
	close(fd);
	nvt_session_free(s);
	s = peer_pair(NULL, &fd);
	calls_begin();
	calls_fail(CALL_POLL, 0, ENOMEM);
	assert_int_equal(nvt_session_read_some(s, -1, &text), NVT_ERR_IO);
	assert_string_equal(
	    nvt_session_error(s), "cannot wait: Cannot allocate memory");
	close(fd);
	nvt_session_free(s);
}

/*
 * The peer says so much and then resets.  All of it is told, and the reset is
 * an error however the session came to know of it.
 */
static void
test_reset_at_every_offset(void **state)
{
	int fd, r;

	(void)state;
	calls_begin();
	for (size_t n = 0; n <= WIRE; n++) {
		struct nvt_session *s = peer_tcp(NULL, &fd);
		struct seen seen = { .len = 0 };
		struct nvt_span rest;

		peer_say(fd, opening, n);
		peer_reset(fd);
		r = login(s, &seen);
		if (r != NVT_ERR_IO)
			fail_msg("%d after %zu bytes", r, n);
		/* What a failed wait showed is still there: shown once. */
		if (nvt_session_text(s).len == 0 || seen.len < text_at[n])
			while (nvt_session_read_some(s, -1, &rest) == 0)
				see(&seen, rest);
		assert_int_equal(seen.len, text_at[n]);
		assert_memory_equal(seen.text, text_of, seen.len);
		nvt_session_free(s);
	}
}

/* The same with an orderly end. */
static void
test_end_at_every_offset(void **state)
{
	int fd, r;

	(void)state;
	calls_begin();
	for (size_t n = 0; n < WIRE; n++) {
		struct nvt_session *s = peer_pair(NULL, &fd);
		struct seen seen = { .len = 0 };

		peer_say(fd, opening, n);
		peer_end(fd);
		r = login(s, &seen);
		if (r != NVT_ERR_EOF && r != 0)
			fail_msg("%d after %zu bytes", r, n);
		assert_int_equal(seen.len, text_at[n]);
		assert_memory_equal(seen.text, text_of, seen.len);
		close(fd);
		nvt_session_free(s);
	}
}

static void
count_trace(struct nvt_session *s, const struct nvt_trace *line, void *arg)
{
	(void)s;
	(void)line;
	++*(int *)arg;
}

static bool
decide(struct nvt_session *s, enum nvt_side side, uint8_t option, void *arg)
{
	(void)s;
	(void)side;
	(void)option;
	(void)arg;
	return true;
}

/* Returns false if it could not even begin. */
static bool
login_short_of_memory(int listener, const char *port)
{
	struct seen seen = { .len = 0 };
	struct nvt_session *s;
	int lines = 0, fd, r;

	if (nvt_session_new(NULL, &s) != 0)
		return false;
	r = nvt_session_trace(s, count_trace, &lines);
	nvt_session_on_option(s, decide, NULL);
	nvt_session_on_option(s, NULL, NULL);
	if (r == 0)
		r = nvt_session_open(s, "127.0.0.1", port, -1);
	if (r == 0) {
		fd = peer_accept(listener);
		peer_say(fd, opening, WIRE);
		peer_end(fd);
		r = login(s, &seen);
		close(fd);
	}
	if (r == 0 && !alloc_failed())
		check_whole(&seen);
	if (r != 0 && r != NVT_ERR_NOMEM)
		fail_msg("%s", nvt_error_name(r));
	nvt_session_free(s);
	return true;
}

static void
test_no_memory_at_every_point(void **state)
{
	char port[8];
	int listener = peer_listen(AF_INET, port);

	(void)state;
	calls_begin();
	for (int all = 0; all < 2; all++)
		for (size_t n = 0;; n++) {
			alloc_begin();
			alloc_fail(n, all != 0);
			calls_cut(CALL_RECV, 40);
			(void)login_short_of_memory(listener, port);
			assert_int_equal(alloc_live(), 0);
			if (!alloc_failed())
				break;
			alloc_fail_none();
		}
	alloc_fail_none();
	close(listener);
}

/* A session that has logged in and waits: everything that malloc() holds. */
static void
test_idle_session_is_small(void **state)
{
	enum { SESSIONS = 100, LIMIT = 2048 };
	struct nvt_session *s[SESSIONS];
	int fd[SESSIONS], i;
	size_t before, each;

	(void)state;
	calls_begin();
	for (i = 0; i < SESSIONS; i++)
		s[i] = NULL;
	before = mallinfo2().uordblks;
	for (i = 0; i < SESSIONS; i++) {
		static const char *const prompts[] = { "no", "\\$ ", NULL };

		s[i] = peer_pair(NULL, &fd[i]);
		peer_say(fd[i], opening, WIRE);
		assert_int_equal(
		    nvt_session_read_until(s[i], "login:", -1, NULL), 0);
		assert_int_equal(nvt_session_send_line(s[i], "bob"), 0);
		assert_int_equal(
		    nvt_session_read_until(s[i], "assword:", -1, NULL), 0);
		assert_int_equal(nvt_session_send_secret(s[i], "secret"), 0);
		assert_int_equal(
		    nvt_session_expect(s[i], prompts, 0, -1, NULL), 1);
		assert_int_equal(
		    nvt_session_read_until(s[i], "day\r\n", -1, NULL), 0);
		nvt_session_trim(s[i]);
	}
	/* A sanitizer's malloc() does not say. */
	each = (mallinfo2().uordblks - before) / SESSIONS;
	print_message("an idle session: %zu bytes of heap\n", each);
	assert_true(each <= LIMIT);
	for (i = 0; i < SESSIONS; i++) {
		nvt_session_free(s[i]);
		close(fd[i]);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_short_reads_and_writes),
		cmocka_unit_test(test_interrupted_at_every_call),
		cmocka_unit_test(test_interrupted_connect),
		cmocka_unit_test(test_errors_are_told),
		cmocka_unit_test(test_reset_at_every_offset),
		cmocka_unit_test(test_end_at_every_offset),
		cmocka_unit_test(test_no_memory_at_every_point),
		cmocka_unit_test(test_idle_session_is_small),
	};

	return cmocka_run_group_tests(tests, set_up, NULL);
}
