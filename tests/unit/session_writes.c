/*
 * session_writes.c - what is queued and sent, and a peer that takes it slowly.
 */
#define _GNU_SOURCE /* memmem() */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>
#include <errno.h>
#include <poll.h>
#include <pthread.h>
#include <sys/socket.h>
#include <unistd.h>

#include "alloc.h"
#include "session_calls.h"
#include "session_peer.h"

#define BIG ((size_t)8 << 20)

static void
check_heard(int fd, const char *text, size_t len)
{
	uint8_t heard[256];

	assert_int_equal(peer_heard(fd, heard, sizeof(heard)), len);
	assert_memory_equal(heard, text, len);
}

static void
test_line_ends(void **state)
{
	static const struct {
		enum nvt_newline newline;
		const char *wire;
		size_t len;
	} rows[] = {
		{ NVT_NEWLINE_CRLF,
		    "a\r\nb\r\0\xff\xff"
		    "c\r\n",
		    12 - 1 },
		{ NVT_NEWLINE_NVT,
		    "a\nb\r\0\xff\xff"
		    "c\r\n",
		    11 - 1 },
		{ NVT_NEWLINE_RAW,
		    "a\nb\r\xff\xff"
		    "c\r\n",
		    9 },
	};
	int fd;

	(void)state;
	for (size_t i = 0; i < 3; i++) {
		struct nvt_session_config config = { .size = sizeof(config),
			.newline = rows[i].newline };
		struct nvt_session *s = peer_pair(&config, &fd);

		assert_int_equal(
		    nvt_session_write(s, "a\nb\r\xff", 5, NVT_FOREVER), 0);
		assert_int_equal(nvt_session_send_line(s, "c"), 0);
		check_heard(fd, rows[i].wire, rows[i].len);
		close(fd);
		nvt_session_free(s);
	}
}

static void
test_line_end_in_binary(void **state)
{
	int fd;
	struct nvt_session *s = peer_pair(NULL, &fd);

	(void)state;
	peer_say(fd, "\xff\xfd\x00", 3);
	assert_int_equal(nvt_session_step(s, 0), 0);
	check_heard(fd, "\xff\xfb\x00", 3);
	assert_int_equal(nvt_session_send_secret(s, "a\n"), 0);
	check_heard(fd, "a\n\r", 3);
	close(fd);
	nvt_session_free(s);
}

/* What a script says joins the answers to what let it go on. */
static void
test_one_write_a_turn(void **state)
{
	int fd;
	struct nvt_session *s = peer_pair(NULL, &fd);

	(void)state;
	calls_begin();
	peer_say(fd, "\xff\xfb\x01login:", 9);
	assert_int_equal(nvt_session_read_until(s, "login:", -1, NULL), 0);
	assert_int_equal(
	    nvt_session_wants(s), NVT_WANTS_READ | NVT_WANTS_WRITE);
	assert_int_equal(calls_made(CALL_SEND), 0);
	assert_int_equal(nvt_session_send_line(s, "bob"), 0);
	assert_int_equal(calls_made(CALL_SEND), 1);
	check_heard(fd,
	    "\xff\xfd\x01"
	    "bob\r\n",
	    8);
	/* Without a line the answer goes with the next wait. */
	peer_say(fd, "\xff\xfb\x03x", 4);
	assert_int_equal(nvt_session_read_until(s, "x", -1, NULL), 0);
	assert_int_equal(
	    nvt_session_read_until(s, "x", 0, NULL), NVT_ERR_TIMEOUT);
	check_heard(fd, "\xff\xfd\x03", 3);
	close(fd);
	nvt_session_free(s);
}

/* A quarter of the queue is for the engine's answers. */
static void
test_queue_is_whole_or_nothing(void **state)
{
	struct nvt_session_config config = { .size = sizeof(config),
		.out_limit = 16 };
	int fd;
	struct nvt_session *s = peer_pair(&config, &fd);

	(void)state;
	assert_int_equal(
	    nvt_session_queue(s, "1234567890123", 13), NVT_ERR_FULL);
	assert_int_equal(nvt_session_queue(s, "12345678", 8), 0);
	assert_int_equal(nvt_session_queue_line(s, "123"), NVT_ERR_FULL);
	assert_int_equal(nvt_session_queue_line(s, "12"), 0);
	assert_int_equal(nvt_session_queue(s, "1", 1), NVT_ERR_FULL);
	assert_int_equal(
	    nvt_session_wants(s), NVT_WANTS_READ | NVT_WANTS_WRITE);
	assert_int_equal(nvt_session_step(s, 0), 0);
	check_heard(fd, "1234567812\r\n", 12);
	/* A line waits for room, but not for a miracle. */
	assert_int_equal(nvt_session_queue(s, "12345678", 8), 0);
	assert_int_equal(nvt_session_send_line(s, "123"), 0);
	assert_int_equal(
	    nvt_session_send_line(s, "12345678901"), NVT_ERR_TOO_BIG);
	assert_int_equal(nvt_session_send_raw(s, "\xff\xf1", 2), 0);
	check_heard(fd, "12345678123\r\n\xff\xf1", 15);
	close(fd);
	nvt_session_free(s);
}

/* A CR LF is one whatever pieces a long text goes in. */
static void
test_pieces_spare_cr_lf(void **state)
{
	struct nvt_session_config config = { .size = sizeof(config) };
	char text[100], heard[100];
	size_t front, i;
	int fd;

	(void)state;
	for (config.out_limit = 1; config.out_limit < 40; config.out_limit++)
		for (front = 0; front < 8; front++) {
			struct nvt_session *s = peer_pair(&config, &fd);

			memset(text, 'x', sizeof(text));
			for (i = front; i + 3 < sizeof(text); i += 3)
				memcpy(text + i, "\r\n", 2);
			assert_int_equal(
			    nvt_session_write(s, text, sizeof(text), -1), 0);
			assert_int_equal(peer_heard(fd, heard, sizeof(heard)),
			    sizeof(heard));
			assert_memory_equal(heard, text, sizeof(text));
			close(fd);
			nvt_session_free(s);
		}
}

/* Half a line would be worse than none. */
static void
test_line_is_whole_or_nothing(void **state)
{
	char line[2000];
	size_t n;
	int fd, r = -1;

	(void)state;
	memset(line, 'x', sizeof(line) - 1);
	line[sizeof(line) - 1] = '\0';
	for (n = 0; r != 0; n++) {
		struct nvt_session *s = peer_pair(NULL, &fd);

		alloc_begin();
		alloc_fail(n, false);
		r = nvt_session_queue_line(s, line);
		alloc_fail_none();
		assert_int_equal(nvt_telnet_pending_len(nvt_session_telnet(s)),
		    r == 0 ? sizeof(line) - 1 + 2 : 0);
		if (r != 0)
			assert_int_equal(
			    nvt_session_error_code(s), NVT_ERR_NOMEM);
		close(fd);
		nvt_session_free(s);
	}
	assert_true(n > 1);
}

/* Nobody reads: a line gives up when a connection would have. */
static void
test_line_gives_up(void **state)
{
	static const char data[1000];
	struct nvt_session_config config = { .size = sizeof(config),
		.out_limit = 4096,
		.connect_timeout_ms = 1 };
	int fd;
	struct nvt_session *s = peer_pair(&config, &fd);

	(void)state;
	calls_begin();
	calls_keep_failing(CALL_SEND, 0, EAGAIN);
	while (nvt_session_queue(s, data, sizeof(data)) == 0)
		continue;
	calls_keep_failing(CALL_POLL, 0, EINTR);
	while (nvt_session_queue_line(s, "") == 0)
		continue;
	assert_int_equal(nvt_session_send_line(s, ""), NVT_ERR_TIMEOUT);
	assert_string_equal(nvt_session_error(s), "timed out while sending");
	calls_begin();
	close(fd);
	nvt_session_free(s);
}

struct sink {
	int fd;
	size_t step; /* bytes a read */
	size_t heard;
	bool in_order;
	bool echo;
};

/* In a thread of its own: no assertions here. */
static void *
slow_reader(void *arg)
{
	struct sink *sink = arg;
	uint8_t *buf = malloc(sink->step);
	ssize_t n;

	sink->in_order = true;
	while ((n = recv(sink->fd, buf, sink->step, 0)) > 0) {
		for (ssize_t i = 0; i < n; i++)
			if (buf[i] !=
			    (uint8_t)((sink->heard + (size_t)i) % 251))
				sink->in_order = false;
		sink->heard += (size_t)n;
		if (sink->echo)
			(void)!send(sink->fd, buf, (size_t)n, MSG_NOSIGNAL);
	}
	free(buf);
	(void)shutdown(sink->fd, SHUT_WR);
	return NULL;
}

static void
write_big(bool echo, size_t step)
{
	struct nvt_session_config config = { .size = sizeof(config),
		.newline = NVT_NEWLINE_RAW };
	struct sink sink = { .step = step, .echo = echo };
	struct nvt_session *s = peer_tcp(&config, &sink.fd);
	uint8_t *data = malloc(BIG);
	struct nvt_span text;
	pthread_t thread;

	for (size_t i = 0; i < BIG; i++)
		data[i] = (uint8_t)(i % 251);
	assert_int_equal(pthread_create(&thread, NULL, slow_reader, &sink), 0);
	assert_int_equal(nvt_session_write(s, data, BIG, PEER_TIMEOUT_MS), 0);
	assert_int_equal(nvt_session_finish(s), 0);
	assert_int_equal(nvt_session_write(s, data, 1, 0), NVT_ERR_CLOSED);
	assert_int_equal(nvt_session_read_all(s, PEER_TIMEOUT_MS, &text), 0);
	assert_int_equal(pthread_join(thread, NULL), 0);
	assert_true(sink.in_order);
	assert_int_equal(sink.heard, BIG);
	close(sink.fd);
	if (echo) {
		assert_int_equal(text.len, BIG);
		assert_memory_equal(text.data, data, BIG);
	}
	free(data);
	nvt_session_free(s);
}

static void
test_writes_to_slow_reader(void **state)
{
	(void)state;
	calls_begin();
	write_big(false, 777);
}

/* Who echoes stops listening unless it is listened to. */
static void
test_writes_to_echo(void **state)
{
	(void)state;
	calls_begin();
	write_big(true, 16384);
}

static void
test_write_times_out(void **state)
{
	static const uint8_t data[BIG];
	int fd;
	struct nvt_session *s = peer_pair(NULL, &fd);

	(void)state;
	assert_int_equal(
	    nvt_session_write(s, data, sizeof(data), 0), NVT_ERR_TIMEOUT);
	assert_string_equal(nvt_session_error(s), "timed out while sending");
	assert_int_equal(
	    nvt_session_write(s, data, sizeof(data), 5), NVT_ERR_TIMEOUT);
	assert_int_equal(nvt_session_state(s), NVT_SESSION_OPEN);
	close(fd);
	assert_int_equal(nvt_session_write(s, data, 1, -1), NVT_ERR_IO);
	nvt_session_free(s);
}

/* Nobody listens any more, but what was said before is still to be had. */
static void
test_broken_pipe_leaves_text(void **state)
{
	int fd;
	struct nvt_session *s = peer_pair(NULL, &fd);
	struct nvt_span text;

	(void)state;
	peer_text(fd, "last words");
	close(fd);
	assert_int_equal(nvt_session_send_line(s, "anyone?"), NVT_ERR_IO);
	assert_string_equal(nvt_session_error(s), "cannot send: Broken pipe");
	assert_int_equal(nvt_session_system_error(s), EPIPE);
	assert_int_equal(nvt_session_queue(s, "x", 1), NVT_ERR_IO);
	assert_int_equal(nvt_session_read_all(s, -1, &text), 0);
	peer_check(text, "last words");
	nvt_session_free(s);
}

/* What waits when the peer ends can still reach it. */
static void
test_answers_after_the_end(void **state)
{
	int fd;
	struct nvt_session *s = peer_pair(NULL, &fd);
	struct nvt_span text;

	(void)state;
	peer_end(fd);
	assert_int_equal(nvt_session_read_some(s, -1, &text), NVT_ERR_EOF);
	assert_int_equal(nvt_session_state(s), NVT_SESSION_ENDED);
	assert_int_equal(nvt_session_wants(s), 0);
	assert_int_equal(nvt_session_queue_line(s, "bye"), 0);
	assert_int_equal(nvt_session_wants(s), NVT_WANTS_WRITE);
	assert_int_equal(nvt_session_step(s, 0), 0);
	assert_int_equal(nvt_session_queue(s, "tried once", 10), 0);
	nvt_session_close(s);
	check_heard(fd, "bye\r\ntried once", 15);
	close(fd);
	nvt_session_free(s);
}

/* FIN only behind all that is queued; then nothing, not even answers. */
static void
test_finish(void **state)
{
	char rest[8];
	int fd;
	struct nvt_session *s = peer_tcp(NULL, &fd);

	(void)state;
	calls_begin();
	assert_int_equal(nvt_session_queue(s, "abc", 3), 0);
	calls_fail(CALL_SEND, 0, EAGAIN);
	assert_int_equal(nvt_session_finish(s), 0);
	assert_int_equal(nvt_session_queue(s, "x", 1), NVT_ERR_CLOSED);
	assert_int_equal(nvt_session_wants(s),
	    NVT_WANTS_READ | NVT_WANTS_URGENT | NVT_WANTS_WRITE);
	assert_int_equal(nvt_session_step(s, 0), 0);
	peer_hear(fd, rest, 3);
	assert_int_equal(recv(fd, rest, 1, 0), 0);
	peer_say(fd, "\xff\xfb\x01text", 7);
	peer_end(fd);
	assert_int_equal(nvt_session_read_until(s, "text", -1, NULL), 0);
	assert_int_equal(
	    nvt_session_read_until(s, "text", -1, NULL), NVT_ERR_EOF);
	assert_int_equal(nvt_session_wants(s), 0);
	close(fd);
	nvt_session_free(s);
}

static void
test_finish_on_a_pipe(void **state)
{
	int ends[2];
	struct nvt_session *s = peer_session(NULL);
	struct nvt_span text;

	(void)state;
	assert_int_equal(pipe(ends), 0);
	assert_int_equal(nvt_session_adopt(s, ends[0], 0), 0);
	assert_int_equal(write(ends[1], "abc", 3), 3);
	assert_int_equal(nvt_session_read_some(s, -1, &text), 0);
	peer_check(text, "abc");
	assert_int_equal(nvt_session_finish(s), NVT_ERR_UNSUPPORTED);
	close(ends[1]);
	assert_int_equal(nvt_session_read_some(s, -1, &text), NVT_ERR_EOF);
	nvt_session_free(s);
}

/* RFC 854, SYNCH: text before the mark is thrown away, commands are not. */
static void
hear_synch(const char *before, size_t len)
{
	int fd;
	struct nvt_session *s = peer_tcp(NULL, &fd);
	uint8_t heard[3];

	peer_say(fd, before, len);
	assert_int_equal(send(fd, "\xff\xf2", 2, MSG_OOB), 2);
	peer_text(fd, "kept");
	assert_int_equal(
	    nvt_session_read_until(s, "kept", PEER_TIMEOUT_MS, NULL), 0);
	assert_int_equal(nvt_session_send_line(s, ""), 0);
	peer_hear(fd, heard, 3);
	assert_memory_equal(heard, "\xff\xfd\x01", 3);
	close(fd);
	nvt_session_free(s);
}

static void
test_hears_synch(void **state)
{
	struct nvt_match match;
	int fd;
	struct nvt_session *s = peer_tcp(NULL, &fd);

	(void)state;
	calls_begin();
	hear_synch("thrown \xff\xfb\x01 away", 15);
	hear_synch("\xff\xfb\x01", 3);
	/* The text in front really goes. */
	peer_text(fd, "thrown away");
	assert_int_equal(send(fd, "\xff\xf2", 2, MSG_OOB), 2);
	peer_text(fd, "kept");
	assert_int_equal(
	    nvt_session_read_until(s, "kept", PEER_TIMEOUT_MS, &match), 0);
	peer_check(match.all, "kept");
	/* A DM that is not urgent means nothing. */
	peer_say(fd, "a\xff\xf2z", 4);
	assert_int_equal(
	    nvt_session_read_until(s, "z", PEER_TIMEOUT_MS, &match), 0);
	peer_check(match.all, "az");
	/* And one behind another. */
	peer_text(fd, "one");
	assert_int_equal(send(fd, "\xff\xf2", 2, MSG_OOB), 2);
	peer_text(fd, "two");
	assert_int_equal(send(fd, "\xff\xf2", 2, MSG_OOB), 2);
	peer_text(fd, "z");
	assert_int_equal(
	    nvt_session_read_until(s, "z", PEER_TIMEOUT_MS, &match), 0);
	assert_null(memmem(match.all.data, match.all.len, "one", 3));
	close(fd);
	nvt_session_free(s);
}

static void
test_sends_synch(void **state)
{
	int fd, on = 1;
	struct nvt_session *s = peer_tcp(NULL, &fd);
	struct pollfd p;
	char heard[8];

	(void)state;
	calls_begin();
	p = (struct pollfd){ .fd = fd, .events = POLLPRI };
	assert_int_equal(
	    setsockopt(fd, SOL_SOCKET, SO_OOBINLINE, &on, sizeof(on)), 0);
	assert_int_equal(nvt_session_queue(s, "ab", 2), 0);
	assert_int_equal(nvt_telnet_send_synch(nvt_session_telnet(s)), 0);
	assert_int_equal(nvt_session_queue(s, "cd", 2), 0);
	assert_int_equal(nvt_session_step(s, 0), 0);
	assert_int_equal(poll(&p, 1, PEER_TIMEOUT_MS), 1);
	/* The mark is at the DM: a read stops before it. */
	assert_int_equal(recv(fd, heard, sizeof(heard), 0), 3);
	assert_int_equal(sockatmark(fd), 1);
	peer_hear(fd, heard + 3, 3);
	assert_memory_equal(heard,
	    "ab\xff\xf2"
	    "cd",
	    6);
	close(fd);
	nvt_session_free(s);
}

/* Elsewhere a DM goes like any other byte. */
static void
test_sends_synch_to_unix_socket(void **state)
{
	int fd;
	struct nvt_session *s = peer_pair(NULL, &fd);

	(void)state;
	assert_int_equal(nvt_telnet_send_synch(nvt_session_telnet(s)), 0);
	assert_int_equal(nvt_session_queue(s, "a", 1), 0);
	assert_int_equal(nvt_session_step(s, 0), 0);
	check_heard(fd,
	    "\xff\xf2"
	    "a",
	    3);
	close(fd);
	nvt_session_free(s);
}

/*
 * The peer asks and asks and does not listen: its input waits in its socket,
 * and text and answers come in order once it does.
 */
static void
test_input_waits_for_output(void **state)
{
	struct nvt_session_config config = { .size = sizeof(config),
		.out_limit = 32 };
	int fd, tm;
	struct nvt_session *s = peer_pair(&config, &fd);
	uint8_t heard[3 * 100];

	(void)state;
	calls_begin();
	for (tm = 0; tm < 100; tm++)
		peer_say(fd, "\xff\xfd\x06x", 4);
	calls_keep_failing(CALL_SEND, 0, EAGAIN);
	assert_int_equal(nvt_session_step(s, 0), 0);
	assert_true(nvt_session_text(s).len < 100);
	assert_int_equal(nvt_session_wants(s), NVT_WANTS_WRITE);
	assert_int_equal(nvt_session_deadline(s), -1);
	calls_begin();
	for (tm = 0; tm < 20 && nvt_session_text(s).len < 100; tm++)
		assert_int_equal(nvt_session_step(s, 0), 0);
	assert_int_equal(nvt_session_text(s).len, 100);
	peer_hear(fd, heard, sizeof(heard));
	for (tm = 0; tm < 100; tm++)
		assert_memory_equal(heard + 3 * tm, "\xff\xfb\x06", 3);
	close(fd);
	nvt_session_free(s);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_line_ends),
		cmocka_unit_test(test_line_end_in_binary),
		cmocka_unit_test(test_one_write_a_turn),
		cmocka_unit_test(test_queue_is_whole_or_nothing),
		cmocka_unit_test(test_pieces_spare_cr_lf),
		cmocka_unit_test(test_line_is_whole_or_nothing),
		cmocka_unit_test(test_line_gives_up),
		cmocka_unit_test(test_writes_to_slow_reader),
		cmocka_unit_test(test_writes_to_echo),
		cmocka_unit_test(test_write_times_out),
		cmocka_unit_test(test_broken_pipe_leaves_text),
		cmocka_unit_test(test_answers_after_the_end),
		cmocka_unit_test(test_finish),
		cmocka_unit_test(test_finish_on_a_pipe),
		cmocka_unit_test(test_hears_synch),
		cmocka_unit_test(test_sends_synch),
		cmocka_unit_test(test_sends_synch_to_unix_socket),
		cmocka_unit_test(test_input_waits_for_output),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
